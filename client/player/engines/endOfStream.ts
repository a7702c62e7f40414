import HlsJs, { type BufferInfo, type LevelDetails } from 'hls.js';

/** What hls.js 1.7 has inside, of pictures and of sound. */
interface Controller {
  readonly media: HTMLMediaElement | null;
  _streamEnded(bufferInfo: BufferInfo, levelDetails: LevelDetails): boolean;
}
type ControllerClass = new (...args: unknown[]) => Controller;

/**
 * hls.js never ends a stream that has a small hole somewhere before its last stretch, and waits at its end for more. It makes
 * such holes itself: at a discontinuity it puts the first picture where it would be decoded, which with reordered
 * frames is before it is shown. Here, once the last stretch is played, it alone counts.
 */
function endingWithLastStretch(Base: ControllerClass): ControllerClass {
  return class extends Base {
    override _streamEnded(bufferInfo: BufferInfo, levelDetails: LevelDetails): boolean {
      return super._streamEnded(atLastStretch(bufferInfo, this.media?.currentTime ?? 0), levelDetails);
    }
  };
}

/** What is buffered, told from the beginning of the last stretch on, if that has been reached. */
export function atLastStretch(info: BufferInfo, atSeconds: number): BufferInfo {
  const last = info.buffered?.at(-1);
  if (!info.buffered || !last || atSeconds < last.start) return info;
  const { start, end } = last;
  const bufferedIndex = info.buffered.length - 1;
  return { buffered: info.buffered, bufferedIndex, start, end, len: Math.max(0, end - atSeconds) };
}

// The typings have no named default configuration, and hide what is inside.
// oxlint-disable-next-line import/no-named-as-default-member
const { streamController, audioStreamController } = HlsJs.DefaultConfig as unknown as Record<string, ControllerClass>;

/** Parts of hls.js with the end of the stream as it should be. */
export const endOfStream = {
  streamController: endingWithLastStretch(streamController!),
  audioStreamController: endingWithLastStretch(audioStreamController!),
} as unknown as Pick<typeof HlsJs.DefaultConfig, 'streamController' | 'audioStreamController'>;
