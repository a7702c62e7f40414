import { XMLParser, XMLValidator } from 'fast-xml-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloudEntry, passthroughEntry } from './entry.fixture.ts';
import { writeFmleProfile } from './fmleProfile.ts';

/** As Kaltura writes it: every element, in this order; [datarate, outputsize, stream] are the entry's. */
const golden = (datarate: string, outputsize: string, stream: string, format = 'MP3') =>
  '<?xml version="1.0" encoding="UTF-8"?><flashmedialiveencoder_profile>' +
  '<preset><name>Custom</name><description>Morning show</description></preset>' +
  '<capture><video><device></device><crossbar_input>0</crossbar_input><frame_rate></frame_rate>' +
  '<size><width></width><height></height></size></video>' +
  '<audio><device></device><crossbar_input>0</crossbar_input><sample_rate>44100</sample_rate>' +
  '<channels>2</channels><input_volume>75</input_volume></audio></capture>' +
  `<encode><video><format>H.264</format><datarate>${datarate}</datarate><outputsize>${outputsize}</outputsize>` +
  '<advanced><profile>Baseline</profile><level>3.1</level><keyframe_frequency>2 seconds</keyframe_frequency></advanced>' +
  '<autoadjust><enable></enable><maxbuffersize></maxbuffersize><dropframes><enable></enable></dropframes>' +
  '<degradequality><enable></enable><minvideobitrate></minvideobitrate><preservepfq></preservepfq></degradequality>' +
  `</autoadjust></video><audio><format>${format}</format><datarate>128</datarate></audio></encode>` +
  '<restartinterval><days></days><hours></hours><minutes></minutes></restartinterval>' +
  '<reconnectinterval><attempts></attempts><interval></interval></reconnectinterval>' +
  '<output><rtmp><url>rtmp://live.example.org:1935/live?token=pa55w0rd</url>' +
  '<backup_url>rtmp://live.example.org:1935/live?i=1&amp;token=pa55w0rd</backup_url>' +
  `<stream>${stream}</stream></rtmp></output><metadata></metadata>` +
  '<preview><video><input><zoom>100%</zoom></input><output><zoom>100%</zoom></output></video><audio></audio></preview>' +
  '<log><level>100</level><directory></directory></log></flashmedialiveencoder_profile>';
const withoutLayout = (xml: string) => xml.replaceAll(/\n\s*/g, '');

const parser = new XMLParser({ processEntities: { enabled: true, maxTotalExpansions: Infinity }, trimValues: false });
// oxlint-disable-next-line typescript/no-explicit-any -- read as any client would
const parse = (xml: string): any => parser.parse(xml).flashmedialiveencoder_profile;

describe('the profile for Flash Media Live Encoder', () => {
  it('has one stream where the server makes the renditions', () => {
    expect(withoutLayout(writeFmleProfile(cloudEntry))).toBe(golden('900;', '640x480;', '0_abcdefgh_%i'));
  });

  it('has three streams, the main one first, where it makes none', () => {
    expect(withoutLayout(writeFmleProfile(passthroughEntry))).toBe(
      golden('900;400;600;', '640x480;480x360;640x480;', '0_abcdefgh_%i'),
    );
  });

  it('has one stream by its literal name for encoders that do not know %i', () => {
    expect(withoutLayout(writeFmleProfile(cloudEntry, { stream: 1 }))).toBe(golden('900;', '640x480;', '0_abcdefgh_1'));
    expect(withoutLayout(writeFmleProfile(passthroughEntry, { stream: 2 }))).toBe(
      golden('400;', '480x360;', '0_abcdefgh_2'),
    );
  });

  it('has AAC where it is asked for', () => {
    expect(withoutLayout(writeFmleProfile(cloudEntry, { audio: 'aac' }))).toBe(
      golden('900;', '640x480;', '0_abcdefgh_%i', 'AAC'),
    );
  });

  it.each([
    ['<script>alert("&amp;")</script>', '<script>alert("&amp;")</script>'],
    [']]> & \'quoted\' "twice"', ']]> & \'quoted\' "twice"'],
    ['日本語 🎥 Übertragung', '日本語 🎥 Übertragung'],
    ['bell\u0007 escape\u001B null\0 \uFFFE', 'bell\uFFFD escape\uFFFD null\uFFFD \uFFFD'],
    ['half a pair \uD83C', 'half a pair \uFFFD'],
    ['tab\tline\nboth', 'tab\tline\nboth'],
  ])('can be read back with the name %j', (name, read) => {
    const xml = writeFmleProfile({ ...cloudEntry, name });
    expect(XMLValidator.validate(xml)).toBe(true);
    expect(parse(xml).preset.description).toBe(read);
  });

  it('is well-formed XML 1.0 with any name', () => {
    const allowed = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
        const xml = writeFmleProfile({ ...cloudEntry, name });
        expect(XMLValidator.validate(xml)).toBe(true);
        expect(xml).toMatch(allowed);
        expect(parse(xml).output.rtmp.stream).toBe('0_abcdefgh_%i');
      }),
      { numRuns: 40 },
    );
  });
});
