import type { CaptionService } from '../../../shared/model/captions.ts';
import type { TextTrack } from '../../media/track.ts';
import { escapeXml, xmlAttributes } from '../xml.ts';
import { threeLetterLanguage } from './threeLetterLanguage.ts';

const schemes = {
  'urn:scte:dash:cc:cea-608:2015': /^CC\d+$/,
  'urn:scte:dash:cc:cea-708:2015': /^SERVICE\d+$/,
} as const;

/** What captions the pictures of a set carry (SCTE 214-1 7.2.2): `CC1=eng`; of digital ones `1=lang:eng`. */
export function captionAccessibility(services: readonly CaptionService[]): string {
  return Object.entries(schemes)
    .map(([schemeIdUri, isOfScheme]) => {
      const named = services.filter(({ channel }) => isOfScheme.test(channel)).map(serviceValue);
      return named.length > 0 ? `<Accessibility${xmlAttributes({ schemeIdUri, value: named.join(';') })}/>` : '';
    })
    .join('');
}

function serviceValue({ channel, language }: CaptionService): string {
  const code = threeLetterLanguage(language);
  return channel.startsWith('CC') ? `${channel}=${code}` : `${channel.slice(7)}=lang:${code}`;
}

/** One AdaptationSet for each text track (ISO/IEC 23009-1 5.3.3). `templates`: the track's segments. */
export function textAdaptationSet(track: TextTrack, templates: readonly Buffer[]): Buffer[] {
  const set = xmlAttributes({
    contentType: 'text',
    mimeType: 'application/mp4',
    lang: track.language,
    segmentAlignment: 'true',
    startWithSAP: 1,
  });
  const representation = xmlAttributes({ id: track.id, codecs: track.codec, bandwidth: track.bitrateBps });
  return [
    Buffer.from(
      `<AdaptationSet${set}><Label>${escapeXml(track.label)}</Label><Role schemeIdUri="urn:mpeg:dash:role:2011" value="caption"/><Representation${representation}>`,
    ),
    ...templates,
    Buffer.from('</Representation></AdaptationSet>\n'),
  ];
}
