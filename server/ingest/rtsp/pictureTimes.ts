import { countReordered, DecodeTimes } from '../../media/rtp/decodeTimes.ts';
import type { Picture } from './pictureReceiver.ts';

/** What shows how much an encoder reorders, where its parameter sets do not say: so many pictures, or so much time. */
const probedPictures = 8;
const probedTicks = 90_000;
/** H.264 A.3.1 */
const maximumReorderFrames = 16;
/** Until another rate is known. */
const usualFrameTicks = 3000;

export interface ShownPicture extends Picture {
  /** On a clock of 90 kHz that does not wrap. */
  readonly shownTicks: number;
  /** It does not go on from the picture before. */
  readonly jumped: boolean;
}

export interface TimedPicture extends ShownPicture {
  readonly decodeTicks: number;
}

/** Gives an encoder's pictures their decoding times, having learnt how many it reorders. */
export class PictureTimes {
  #times: DecodeTimes | undefined;
  #frameTicks = usualFrameTicks;
  #probed: ShownPicture[] = [];

  /** Pictures that can be timed now. */
  push(picture: ShownPicture): TimedPicture[] {
    const timed = picture.configuration ? this.#configure(picture) : [];
    if (this.#times) return [...timed, this.#time(this.#times, picture)];
    this.#probed.push(picture);
    const spanTicks = picture.shownTicks - (this.#probed[0]?.shownTicks ?? picture.shownTicks);
    const isEnough = this.#probed.length >= probedPictures || Math.abs(spanTicks) >= probedTicks;
    return isEnough ? this.#endProbe() : timed;
  }

  #configure({ configuration, shownTicks }: ShownPicture): TimedPicture[] {
    const timed = this.#probed.length > 0 ? this.#endProbe() : [];
    const frameRate = configuration?.video.frameRate;
    if (frameRate !== undefined) this.#frameTicks = Math.round(90_000 / frameRate);
    const reorderFrames = configuration?.reorderFrames;
    if (reorderFrames !== undefined && this.#times?.reorderFrames !== reorderFrames)
      this.#begin(reorderFrames, shownTicks);
    return timed;
  }

  #endProbe(): TimedPicture[] {
    const probed = this.#probed;
    this.#probed = [];
    const shown = probed.map(({ shownTicks }) => shownTicks);
    const times = this.#begin(countReordered(shown), shown[0] ?? 0);
    return probed.map((picture) => this.#time(this.#times ?? times, picture));
  }

  #begin(reorderFrames: number, shownTicks: number): DecodeTimes {
    this.#times = new DecodeTimes(Math.min(maximumReorderFrames, reorderFrames));
    this.#times.begin(shownTicks, this.#frameTicks);
    return this.#times;
  }

  #time(times: DecodeTimes, picture: ShownPicture): TimedPicture {
    const { shownTicks, keyFrame, afterLoss } = picture;
    let current = times;
    if (picture.jumped) current = this.#begin(times.reorderFrames, shownTicks);
    else if (afterLoss && keyFrame) current.begin(shownTicks, this.#frameTicks);
    const decodeTicks = current.next(shownTicks);
    if (decodeTicks !== undefined) return { ...picture, decodeTicks };
    // The encoder reorders more than it said: from here on the times have room for it.
    if (current.reorderFrames === maximumReorderFrames) return { ...picture, decodeTicks: current.squeeze() };
    current = this.#begin(current.reorderFrames + 1, shownTicks);
    return { ...picture, decodeTicks: current.next(shownTicks) ?? shownTicks, jumped: true };
  }
}
