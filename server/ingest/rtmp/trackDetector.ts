import { aacKind, parseAudioSpecificConfig } from '../../media/codecs/aac.ts';
import { parseMp3Frame } from '../../media/codecs/mp3.ts';
import { parseAvcConfiguration, parseSps } from '../../media/codecs/h264.ts';
import type { SourceAudio, SourceTracks, SourceVideo } from '../../media/track.ts';
import { type AmfObject, type AmfValue, isAmfObject } from './amf/amfValue.ts';

/**
 * Learns from `onMetaData` and the sequence headers which tracks an encoder sends. Some send a header for a picture that they
 * do not have, or not yet: there is one when its first key frame comes.
 */
export class TrackDetector {
  #expectsVideo: boolean | undefined;
  #expectsAudio: boolean | undefined;
  #announcedFrameRate: number | undefined;
  #video: SourceVideo | undefined;
  #audio: SourceAudio | undefined;
  #videoHeader: Buffer | undefined;
  #audioHeader: Buffer | undefined;
  #hasPictures = false;

  get tracks(): SourceTracks {
    const video = this.#hasPictures ? this.#video : undefined;
    return { ...(video && { video }), ...(this.#audio && { audio: this.#audio }) };
  }

  /** The decoder configurations (`avcC`, AudioSpecificConfig) as last sent; MP3 has none. */
  get headers(): { readonly video: Buffer | undefined; readonly audio: Buffer | undefined } {
    return { video: this.#hasPictures ? this.#videoHeader : undefined, audio: this.#audioHeader };
  }

  /** Both kinds are there, or the one that the encoder announced; a header announces pictures, too. */
  get isComplete(): boolean {
    const { video, audio } = this.tracks;
    if (video && audio) return true;
    if (video) return isOnly(this.#expectsVideo, this.#expectsAudio);
    return audio !== undefined && !this.#video && isOnly(this.#expectsAudio, this.#expectsVideo);
  }

  /** Values of a data message: `@setDataFrame`, `onMetaData`, properties; others are no concern of ours. */
  readMetadata(values: readonly AmfValue[]): void {
    const [first, second, third] = values;
    const metadata = first === '@setDataFrame' && second === 'onMetaData' ? third : second;
    if ((first !== '@setDataFrame' && first !== 'onMetaData') || !isAmfObject(metadata)) return;
    this.#expectsVideo = isAnnounced(metadata, 'hasVideo', 'videocodecid');
    this.#expectsAudio = isAnnounced(metadata, 'hasAudio', 'audiocodecid');
    const frameRate = metadata['framerate'] ?? metadata['videoframerate'];
    if (typeof frameRate === 'number' && frameRate >= 0.1 && frameRate <= 1000) this.#announcedFrameRate = frameRate;
  }

  /** True when it differs from that of the pictures so far. Throws a RangeError when it is none. */
  readVideoHeader(avcC: Buffer): boolean {
    if (this.#videoHeader?.equals(avcC)) return false;
    const [sps] = parseAvcConfiguration(avcC).sps;
    if (!sps) throw new RangeError('the AVC configuration has no parameter sets');
    const { width, height, frameRate: codedFrameRate } = parseSps(sps);
    const frameRate = this.#announcedFrameRate ?? codedFrameRate;
    this.#video = { codec: 'h264', width, height, ...(frameRate !== undefined && { frameRate }) };
    this.#videoHeader = avcC;
    return this.#hasPictures;
  }

  /** A key frame has come: true when it is the first that can be decoded. */
  seeKeyFrame(): boolean {
    if (this.#hasPictures || !this.#videoHeader) return false;
    this.#hasPictures = true;
    return true;
  }

  /** True when it differs from the last one. Throws a RangeError when it is none. */
  readAudioHeader(config: Buffer): boolean {
    if (this.#audioHeader?.equals(config)) return false;
    const { objectType, sampleRate, channels } = parseAudioSpecificConfig(config);
    this.#audio = { codec: aacKind(objectType), sampleRate, channels };
    this.#audioHeader = config;
    return true;
  }

  /** MP3 has no header of its own: each frame says what it is. True when it differs from the last one. */
  readMp3(frame: Buffer): boolean {
    const parameters = parseMp3Frame(frame);
    if (!parameters) return false;
    const { sampleRate, channels } = parameters;
    const isSame =
      this.#audio?.codec === 'mp3' && this.#audio.sampleRate === sampleRate && this.#audio.channels === channels;
    if (isSame) return false;
    this.#audio = { codec: 'mp3', sampleRate, channels };
    this.#audioHeader = undefined;
    return true;
  }
}

/** What is there has been announced without the other, or the other ruled out. */
function isOnly(own: boolean | undefined, other: boolean | undefined): boolean {
  return other === false || (other === undefined && own === true);
}

/** FMLE names codecs (`avc1`), others number them; 0 and an empty string mean none. */
function isAnnounced(metadata: AmfObject, flag: string, codec: string): boolean | undefined {
  const said = metadata[flag];
  if (typeof said === 'boolean') return said;
  const id = metadata[codec];
  if (typeof id === 'number') return id > 0;
  return typeof id === 'string' ? id !== '' : undefined;
}
