import { captureObstacle, captureProblemOf, type CaptureProblem } from './captureProblem.ts';
import { captureSizes, type CaptureSize } from './captureSizes.ts';

export interface CaptureState {
  readonly status: 'asking' | 'ready' | 'problem';
  readonly problem: CaptureProblem | null;
  /** A change that did not work out; what was there before goes on. */
  readonly changeProblem: CaptureProblem | null;
  readonly video: MediaStreamTrack | null;
  readonly audio: MediaStreamTrack | null;
  readonly source: 'camera' | 'screen';
  readonly cameras: readonly MediaDeviceInfo[];
  readonly microphones: readonly MediaDeviceInfo[];
  readonly size: CaptureSize;
  readonly muted: boolean;
  readonly hidden: boolean;
}

const initial: CaptureState = {
  status: 'asking',
  problem: null,
  changeProblem: null,
  video: null,
  audio: null,
  source: 'camera',
  cameras: [],
  microphones: [],
  size: '720p',
  muted: false,
  hidden: false,
};

/** Camera, microphone and screen: what is chosen, and the tracks to show and send. Whoever makes it closes it. */
export class Capture {
  #state = initial;
  #closed = false;
  /** Counts requests, so that an answer that comes after a newer request is thrown away. */
  #request = 0;
  readonly #listeners = new Set<() => void>();
  readonly #onDeviceChange = () => void this.#readDevices();

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly getState = () => this.#state;

  /** Asks for camera and microphone; also the way out of a problem, and of `close`. */
  async open(): Promise<void> {
    this.#closed = false;
    const obstacle = captureObstacle({
      isSecureContext: window.isSecureContext,
      hasMediaDevices: Boolean(navigator.mediaDevices),
    });
    if (obstacle) return this.#set({ status: 'problem', problem: obstacle });
    navigator.mediaDevices.addEventListener('devicechange', this.#onDeviceChange);
    const request = ++this.#request;
    this.#set({ status: 'asking', problem: null, changeProblem: null });
    try {
      const stream = await this.#askForBoth();
      if (this.#isOutdated(request)) return stopAll(stream);
      this.#setAudio(stream.getAudioTracks()[0] ?? null);
      this.#setVideo(stream.getVideoTracks()[0] ?? null, 'camera');
      this.#set({ status: 'ready' });
      await this.#readDevices();
    } catch (error) {
      if (!this.#isOutdated(request)) this.#set({ status: 'problem', problem: captureProblemOf(error) });
    }
  }

  async chooseCamera(deviceId: string): Promise<void> {
    await this.#changeVideo(deviceId, this.#state.size);
  }

  async chooseSize(size: CaptureSize): Promise<void> {
    const deviceId = this.#state.source === 'camera' ? this.#state.video?.getSettings().deviceId : undefined;
    if (this.#state.source === 'screen') return this.#set({ size });
    await this.#changeVideo(deviceId, size);
  }

  async chooseMicrophone(deviceId: string): Promise<void> {
    await this.#change(async () => {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { deviceId: { exact: deviceId } } });
      return { stream, use: () => this.#setAudio(stream.getAudioTracks()[0] ?? null) };
    });
  }

  /** Sends the screen instead of the camera, until it is stopped here or in the browser's own bar. */
  async shareScreen(): Promise<void> {
    const { width, height } = captureSizes[this.#state.size];
    await this.#change(async () => {
      const stream = await navigator.mediaDevices.getDisplayMedia({
        video: { width: { max: width }, height: { max: height }, frameRate: { max: 30 } },
      });
      return { stream, use: () => this.#setVideo(stream.getVideoTracks()[0] ?? null, 'screen') };
    });
  }

  async stopScreen(): Promise<void> {
    if (this.#state.source === 'screen') await this.#changeVideo(undefined, this.#state.size);
  }

  setMuted(muted: boolean): void {
    if (this.#state.audio) this.#state.audio.enabled = !muted;
    this.#set({ muted });
  }

  /** Viewers see black meanwhile; the broadcast goes on. */
  setHidden(hidden: boolean): void {
    if (this.#state.video) this.#state.video.enabled = !hidden;
    this.#set({ hidden });
  }

  close(): void {
    this.#closed = true;
    navigator.mediaDevices?.removeEventListener('devicechange', this.#onDeviceChange);
    this.#state.video?.stop();
    this.#state.audio?.stop();
    this.#state = initial;
  }

  /** One prompt for both; a machine without a microphone may still broadcast its picture. */
  async #askForBoth(): Promise<MediaStream> {
    const video = videoConstraints(this.#state.size);
    try {
      return await navigator.mediaDevices.getUserMedia({ video, audio: true });
    } catch (error) {
      if (captureProblemOf(error) !== 'noDevice') throw error;
      return await navigator.mediaDevices.getUserMedia({ video });
    }
  }

  async #changeVideo(deviceId: string | undefined, size: CaptureSize): Promise<void> {
    const ask = async () => {
      const stream = await navigator.mediaDevices.getUserMedia({ video: videoConstraints(size, deviceId) });
      const use = () => {
        this.#setVideo(stream.getVideoTracks()[0] ?? null, 'camera');
        this.#set({ size });
      };
      return { stream, use };
    };
    await this.#change(async () => {
      try {
        return await ask();
      } catch (error) {
        if (captureProblemOf(error) !== 'busy' || this.#state.source === 'screen') throw error;
        // Phones open one camera at a time.
        this.#state.video?.stop();
        return await ask();
      }
    });
  }

  /** Runs a change; when it fails what was there stays, and the reason is told. */
  async #change(ask: () => Promise<{ stream: MediaStream; use: () => void }>): Promise<void> {
    const request = ++this.#request;
    this.#set({ changeProblem: null });
    try {
      const { stream, use } = await ask();
      if (this.#isOutdated(request)) return stopAll(stream);
      use();
      this.#set({ status: 'ready', problem: null });
      await this.#readDevices();
    } catch (error) {
      if (this.#isOutdated(request)) return;
      const problem = captureProblemOf(error);
      // Closing the browser's own picker for the screen is an answer, not a problem.
      this.#set({ changeProblem: problem === 'denied' ? null : problem });
      if (this.#state.video?.readyState === 'ended') this.#set({ status: 'problem', problem: 'lost' });
    }
  }

  #setVideo(track: MediaStreamTrack | null, source: CaptureState['source']): void {
    this.#state.video?.stop();
    if (track) {
      track.enabled = !this.#state.hidden;
      track.contentHint = source === 'screen' ? 'detail' : 'motion';
      // Only the device's own end arrives here, not our stop().
      track.addEventListener('ended', () => this.#onVideoEnded(track), { once: true });
    }
    this.#set({ video: track, source });
  }

  #setAudio(track: MediaStreamTrack | null): void {
    this.#state.audio?.stop();
    if (track) {
      track.enabled = !this.#state.muted;
      track.addEventListener('ended', () => this.#onAudioEnded(track), { once: true });
    }
    this.#set({ audio: track });
  }

  #onVideoEnded(track: MediaStreamTrack): void {
    if (this.#state.video !== track) return;
    if (this.#state.source === 'screen') void this.stopScreen();
    else this.#set({ status: 'problem', problem: 'lost' });
  }

  #onAudioEnded(track: MediaStreamTrack): void {
    if (this.#state.audio === track) this.#set({ audio: null, changeProblem: 'lost' });
  }

  async #readDevices(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    this.#set({
      cameras: devices.filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId),
      microphones: devices.filter(({ kind, deviceId }) => kind === 'audioinput' && deviceId),
    });
  }

  #isOutdated(request: number): boolean {
    return this.#closed || request !== this.#request;
  }

  #set(change: Partial<CaptureState>): void {
    if (this.#closed) return;
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function videoConstraints(size: CaptureSize, deviceId?: string): MediaTrackConstraints {
  const { width, height } = captureSizes[size];
  return {
    width: { ideal: width },
    height: { ideal: height },
    frameRate: { ideal: 30, max: 30 },
    ...(deviceId ? { deviceId: { exact: deviceId } } : {}),
  };
}

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
