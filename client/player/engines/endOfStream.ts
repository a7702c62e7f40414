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

/** Of what is buffered the last stretch alone, if that has been reached. */
export function atLastStretch(info: BufferInfo, atSeconds: number): BufferInfo {
  const last = info.buffered?.at(-1);
  if (!last || atSeconds < last.start) return info;
  const { start, end } = last;
  return { buffered: [last], bufferedIndex: 0, start, end, len: Math.max(0, end - atSeconds) };
}

// The typings have no named default configuration, and hide what is inside.
// oxlint-disable-next-line import/no-named-as-default-member
const { streamController, audioStreamController } = HlsJs.DefaultConfig as unknown as Record<string, ControllerClass>;

/** Parts of hls.js with the end of the stream as it should be. */
export const endOfStream = {
  streamController: endingWithLastStretch(streamController!),
  audioStreamController: endingWithLastStretch(audioStreamController!),
} as unknown as Pick<typeof HlsJs.DefaultConfig, 'streamController' | 'audioStreamController'>;
