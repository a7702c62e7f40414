import type { Browser, Page } from '@playwright/test';
import { entryId, token } from './whipHarness.fixture.ts';

/** Publishes with a plain RTCPeerConnection, as any page would. */
export const publisherPage = `<!doctype html><title>publisher</title><script type="module">
async function camera({ audio, video }) {
  return await navigator.mediaDevices.getUserMedia({ audio, video: video && { width: 1280, height: 720 } });
}

/** White picture and 1 kHz tone for the first tenth of every second. */
function flashAndBeep() {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
  const context = canvas.getContext('2d');
  const sound = new AudioContext();
  const output = sound.createMediaStreamDestination();
  const gain = sound.createGain();
  const tone = sound.createOscillator();
  gain.gain.value = 0;
  tone.frequency.value = 1000;
  tone.connect(gain).connect(output);
  tone.start();
  let on = false;
  setInterval(() => {
    const wanted = sound.currentTime % 1 < 0.1;
    if (wanted !== on) gain.gain.setValueAtTime(wanted ? 0.8 : 0, sound.currentTime);
    on = wanted;
    context.fillStyle = on ? '#fff' : '#000';
    context.fillRect(0, 0, 640, 360);
    context.fillStyle = '#888';
    context.fillRect(performance.now() / 10 % 600, 300, 20, 20);
  }, 1000 / 60);
  return new MediaStream([...canvas.captureStream(30).getTracks(), ...output.stream.getTracks()]);
}

let connection;
window.publish = async ({ codec, picture, audio, video, layers, setup, endpoint, token }) => {
  const stream = picture === 'flash' ? flashAndBeep() : await camera({ audio, video });
  connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  for (const track of stream.getTracks()) {
    const transceiver = connection.addTransceiver(track, {
      direction: 'sendonly',
      streams: [stream],
      ...(track.kind === 'video' && layers.length > 0
        ? { sendEncodings: layers.map((scaleResolutionDownBy, index) => ({ rid: 'r' + index, scaleResolutionDownBy })) }
        : {}),
    });
    if (track.kind !== 'video') continue;
    const { codecs } = RTCRtpSender.getCapabilities('video');
    const wanted = ['video/' + codec, 'video/rtx'];
    transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => wanted.includes(mimeType)));
    const parameters = transceiver.sender.getParameters();
    parameters.degradationPreference = 'maintain-resolution';
    await transceiver.sender.setParameters(parameters);
  }
  await connection.setLocalDescription();
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp', Authorization: 'Bearer ' + token },
    body: connection.localDescription.sdp.replaceAll('a=setup:actpass', 'a=setup:' + setup),
  });
  window.session = { url: response.headers.get('location'), etag: response.headers.get('etag') };
  await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() });
};

/** RFC 9725 4.3.3, from the publisher's side. Resolves with the ICE state reached by the new credentials. */
window.restartIce = async () => {
  const offer = await connection.createOffer({ iceRestart: true });
  await connection.setLocalDescription(offer);
  const line = (sdp, name) => sdp.match(new RegExp('a=' + name + ':.*'))[0];
  const body = [line(offer.sdp, 'ice-ufrag'), line(offer.sdp, 'ice-pwd'), 'm=audio 9 UDP/TLS/RTP/SAVPF 0', 'a=mid:0', ''].join('\\r\\n');
  const response = await fetch(window.session.url, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': '*' },
    body,
  });
  const fragment = await response.text();
  let sdp = connection.remoteDescription.sdp;
  for (const name of ['ice-ufrag', 'ice-pwd']) sdp = sdp.replaceAll(new RegExp('a=' + name + ':.*', 'g'), line(fragment, name));
  await connection.setRemoteDescription({ type: 'answer', sdp });
  while (!['connected', 'completed'].includes(connection.iceConnectionState)) await new Promise((resolve) => setTimeout(resolve, 50));
  return { status: response.status, state: connection.connectionState };
};

window.connectionState = () => connection.connectionState;
</script>`;

export interface Publishing {
  readonly codec?: 'H264' | 'VP8';
  readonly picture?: 'camera' | 'flash';
  readonly audio?: boolean;
  readonly video?: boolean;
  /** Simulcast: by how much each layer is scaled down. */
  readonly layers?: readonly number[];
  /** The DTLS role that the offer claims. */
  readonly setup?: 'actpass' | 'active' | 'passive';
}

type PublisherWindow = Window & {
  publish: (options: Publishing & { endpoint: string; token: string }) => Promise<void>;
  restartIce: () => Promise<{ status: number; state: string }>;
  connectionState: () => string;
  session: { url: string; etag: string };
};

/** A page in Chromium with its fake camera and microphone. */
export class Publisher {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async publish(options: Publishing = {}): Promise<void> {
    const { codec = 'H264', picture = 'camera', audio = true, video = true, layers = [], setup = 'actpass' } = options;
    await this.#page.evaluate((options) => (globalThis as unknown as PublisherWindow).publish(options), {
      codec,
      picture,
      audio,
      video,
      layers,
      setup,
      endpoint: `/whip/${entryId}`,
      token,
    });
  }

  restartIce(): Promise<{ status: number; state: string }> {
    return this.#page.evaluate(() => (globalThis as unknown as PublisherWindow).restartIce());
  }

  connectionState(): Promise<string> {
    return this.#page.evaluate(() => (globalThis as unknown as PublisherWindow).connectionState());
  }

  /** DELETE, as a well-behaved client ends its session. */
  async stop(): Promise<number> {
    return await this.#page.evaluate(async () => {
      const { session } = globalThis as unknown as PublisherWindow;
      const response = await fetch(session.url, { method: 'DELETE' });
      return response.status;
    });
  }

  close(): Promise<void> {
    return this.#page.close();
  }
}

export async function openPublisher(browser: Browser, url: string): Promise<Publisher> {
  const page = await browser.newPage();
  await page.goto(url);
  return new Publisher(page);
}
