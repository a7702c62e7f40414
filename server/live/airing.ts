import type { CaptionSettings } from '../../shared/model/captions.ts';
import type { Profile } from '../../shared/model/profile.ts';
import type { Source } from '../ingest/source.ts';
import type { Logger } from '../log.ts';
import type { TimelineWriter } from '../segments/segmentStore.ts';
import type { Transcode, Transcoder } from '../transcode/transcoder.ts';
import type { Publisher } from './publisher.ts';

export interface AiringOptions {
  /** By stream index; all of them have a source. */
  readonly publishers: readonly Publisher[];
  readonly transcoder: Transcoder;
  readonly profile: Profile;
  readonly captions: CaptionSettings;
  readonly writer: TimelineWriter;
  readonly log: Logger;
  /** A segment of these sources can be played. */
  readonly onMedia: () => void;
  /** The key frames of this one are not where those of the first are. */
  readonly onMisaligned: (publisher: Publisher) => void;
  readonly onFailure: (message: string, lines: readonly string[]) => void;
}

/** The sources on air together, and the transcode that reads them. */
export class Airing {
  readonly publishers: readonly Publisher[];
  readonly #transcode: Transcode;
  readonly #unsubscribe: () => void;

  constructor({ publishers, transcoder, profile, captions, writer, log, ...on }: AiringOptions) {
    this.publishers = publishers;
    const sources = publishers.flatMap(({ source }): Source[] => (source ? [source] : []));
    log.info({ protocols: sources.map(({ protocol }) => protocol), profile: profile.name }, 'on air');
    this.#unsubscribe = writer.timeline.onChanged(on.onMedia);
    this.#transcode = transcoder.start({
      inputs: sources,
      profile,
      captions,
      writer,
      log,
      onMisaligned: (input) => {
        const publisher = publishers[input];
        if (publisher) on.onMisaligned(publisher);
      },
      onFailure: ({ message, lines }) => on.onFailure(message, lines),
    });
  }

  /** Whether exactly these are on air. */
  isOf(publishers: readonly Publisher[]): boolean {
    return publishers.length === this.publishers.length && publishers.every((each) => this.publishers.includes(each));
  }

  /** Stores what they have sent. Never rejects. */
  async close(): Promise<void> {
    this.#unsubscribe();
    await this.#transcode.close();
  }
}
