import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ccDataOf, popOn, tripletsOf } from '../../media/captions/captions.fixture.ts';
import { newAmfObject, type AmfObject, type AmfValue } from './amf/amfValue.ts';
import { readCaptionValues } from './captionValues.ts';

const object = (properties: Record<string, AmfValue>): AmfObject => Object.assign(newAmfObject(), properties);
const triplets = tripletsOf(popOn({ row: 15, text: 'HELLO' }));

describe('captions in data messages', () => {
  it('are plain text with its language', () => {
    const said = (language: AmfValue) =>
      readCaptionValues(['onTextData', object({ text: 'Hello', language, trackid: 1 })]);
    expect(said('eng')).toEqual({ type: 'text', language: 'en', text: 'Hello' });
    expect(said('pt-br')).toEqual({ type: 'text', language: 'pt-BR', text: 'Hello' });
    for (const unknown of [undefined, 7, '', 'English', '../..', 'x'.repeat(99)]) {
      expect(said(unknown)).toEqual({ type: 'text', language: undefined, text: 'Hello' });
    }
  });

  it('may be in an envelope', () => {
    const values = ['@setDataFrame', 'onTextData', object({ text: 'Hi' })];
    expect(readCaptionValues(values)).toMatchObject({ text: 'Hi' });
  });

  it.each([
    ['cc_data', ccDataOf(triplets)],
    ['user data', Buffer.from([0xb5, 0, 0x31, ...Buffer.from('GA94'), 3, ...ccDataOf(triplets), 0xff])],
    ['user data without its provider', Buffer.from([...Buffer.from('GA94'), 3, ...ccDataOf(triplets)])],
  ])('are those of the picture as %s', (_name, bytes) => {
    const data = Buffer.from(bytes).toString('base64');
    const read = readCaptionValues(['onCaptionInfo', object({ type: '708', data })]);
    expect(read?.type === 'ccData' && Buffer.from(read.triplets)).toEqual(Buffer.from(triplets));
  });

  it('are pairs of the first field where they say so', () => {
    const pairs = Buffer.from(triplets.filter((_byte, index) => index % 3 !== 0));
    const read = readCaptionValues(['onCaptionInfo', object({ type: '608', data: pairs.toString('base64') })]);
    expect(read?.type === 'ccData' && Buffer.from(read.triplets)).toEqual(Buffer.from(triplets));
  });

  it('are cut where they are longer than anybody reads', () => {
    const read = readCaptionValues(['onTextData', object({ text: 'x'.repeat(60_000) })]);
    expect(read?.type === 'text' && read.text).toHaveLength(1000);
    expect(readCaptionValues(['onCaptionInfo', object({ type: '708', data: 'A'.repeat(60_000) })])).toBeUndefined();
  });

  it('are nothing else', () => {
    expect(readCaptionValues([])).toBeUndefined();
    expect(readCaptionValues(['onMetaData', object({ text: 'x' })])).toBeUndefined();
    expect(readCaptionValues(['onTextData', 'x'])).toBeUndefined();
    expect(readCaptionValues(['onTextData', object({ text: 7 })])).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), fc.string(), (type, data) => {
        readCaptionValues(['onCaptionInfo', object({ type, data })]);
        readCaptionValues(['onTextData', object({ text: data, language: type })]);
      }),
    );
  });
});
