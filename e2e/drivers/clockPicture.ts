/**
 * A clock burnt into the picture, readable by a machine after lossy coding: 32 blocks in two rows of 16, black or
 * white, that spell the low 32 bits of a Unix time in milliseconds, most significant first.
 */
export const clockColumns = 16;
export const clockRows = 2;

/** A grey-scale frame (one byte for each pixel) that shows the time. */
export function drawClockFrame(frame: Buffer, width: number, height: number, unixMs: number): void {
  const value = unixMs % 2 ** 32;
  const line = Buffer.alloc(width);
  for (let row = 0; row < clockRows; row++) {
    for (let x = 0; x < width; x++) {
      const bit = 31 - (row * clockColumns + Math.floor((x * clockColumns) / width));
      line[x] = Math.floor(value / 2 ** bit) % 2 === 1 ? 235 : 16;
    }
    const from = Math.floor((row * height) / clockRows);
    const to = Math.floor(((row + 1) * height) / clockRows);
    for (let y = from; y < to; y++) line.copy(frame, y * width);
  }
}

/** Runs in a page: what the clock in the `<video>` says now, and by how many milliseconds that is in the past. */
export function readClockAge(): { ageMs: number; certain: boolean } {
  const video = document.querySelector('video');
  const canvas = document.createElement('canvas');
  canvas.width = 160;
  canvas.height = 20;
  const context = canvas.getContext('2d');
  if (!video || !context) return { ageMs: 0, certain: false };
  context.drawImage(video, 0, 0, 160, 20);
  const nowMs = Date.now();
  const { data } = context.getImageData(0, 0, 160, 20);
  let value = 0;
  let certain = true;
  for (let bit = 0; bit < 32; bit++) {
    const x = (bit % 16) * 10 + 5;
    const y = bit < 16 ? 5 : 15;
    const brightness = data[(y * 160 + x) * 4] ?? 0;
    if (brightness > 80 && brightness < 170) certain = false;
    value = value * 2 + (brightness > 127 ? 1 : 0);
  }
  return { ageMs: (nowMs % 2 ** 32) - value, certain };
}

/** Runs in a page before its own scripts: the camera is a canvas that shows the clock, the microphone a tone. */
export function installClockCamera(): void {
  const canvas = document.createElement('canvas');
  canvas.width = 1280;
  canvas.height = 720;
  const context = canvas.getContext('2d');
  const draw = () => {
    if (!context) return;
    const value = Date.now() % 2 ** 32;
    for (let index = 0; index < 32; index++) {
      context.fillStyle = Math.floor(value / 2 ** (31 - index)) % 2 === 1 ? '#fff' : '#000';
      context.fillRect((index % 16) * 80, index < 16 ? 0 : 360, 80, 360);
    }
  };
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = new MediaStream();
    if (constraints?.video) {
      setInterval(draw, 33);
      const [track] = canvas.captureStream(30).getVideoTracks();
      if (track) stream.addTrack(track);
    }
    if (constraints?.audio) {
      const audio = new AudioContext();
      const tone = audio.createOscillator();
      const destination = audio.createMediaStreamDestination();
      tone.connect(destination);
      tone.start();
      await audio.resume();
      const [track] = destination.stream.getAudioTracks();
      if (track) stream.addTrack(track);
    }
    return stream;
  };
}
