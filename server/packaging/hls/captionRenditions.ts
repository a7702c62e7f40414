import type { CaptionService } from '../../../shared/model/captions.ts';
import type { TextTrack } from '../../media/track.ts';

const subtitleGroup = 'subtitles';
const captionGroup = 'captions';
/** What captions for the hard of hearing say (RFC 8216 4.3.4.1). */
const characteristics =
  'CHARACTERISTICS="public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound"';

/** EXT-X-MEDIA of the text tracks and of what is inside the picture. */
export function captionRenditions(services: readonly CaptionService[], text: readonly TextTrack[]): string[] {
  return [
    ...text.map(
      ({ id, language, label }) =>
        `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="${subtitleGroup}",NAME="${quoted(label)}",LANGUAGE="${language}",` +
        `DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,${characteristics},URI="${id}.m3u8"`,
    ),
    ...digitalFirst(services).map(
      ({ channel, language, label }) =>
        `#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="${captionGroup}",NAME="${quoted(label)}",LANGUAGE="${language}",` +
        `DEFAULT=NO,AUTOSELECT=YES,INSTREAM-ID="${channel}"`,
    ),
  ];
}

/** Players that know channels by their number alone take the last one of a number. */
function digitalFirst(services: readonly CaptionService[]): CaptionService[] {
  return services.toSorted((a, b) => Number(a.channel.startsWith('CC')) - Number(b.channel.startsWith('CC')));
}

/** What a variant says of them. */
export function captionAttributes(services: readonly CaptionService[], text: readonly TextTrack[]): string[] {
  return [
    ...(text.length > 0 ? [`SUBTITLES="${subtitleGroup}"`] : []),
    services.length > 0 ? `CLOSED-CAPTIONS="${captionGroup}"` : 'CLOSED-CAPTIONS=NONE',
  ];
}

/** RFC 8216 4.2 */
function quoted(text: string): string {
  return text.replaceAll(/["\p{Cc}]/gu, '');
}
