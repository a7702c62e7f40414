import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CaptionDecoder } from './captionDecoder.ts';
import { line21, popOn, secondChannel, captionSei, tripletsOf, type Pair } from './captions.fixture.ts';
import type { CaptionLine } from './captionScreen.ts';
import { digitalPopOn, dtvcc, DtvccEncoder, dtvccPacket, serviceBlock } from './dtvcc/dtvcc.fixture.ts';
import { captionTriplets } from './captionTriplets.ts';
import { withUnit } from './captions.fixture.ts';
import { readByMuxJs } from './muxJsCaptions.fixture.ts';

const slice = Uint8Array.of(0, 0, 0, 2, 0x65, 0x88);

function textOf(lines: readonly CaptionLine[]): string {
  return lines.map(({ runs }) => runs.map(({ text }) => text).join('')).join('\n');
}

function decode(pairs: readonly Pair[], field: 1 | 2 = 1) {
  const replaced: string[] = [];
  const decoder = new CaptionDecoder((channel, lines) => {
    if (lines.length > 0) replaced.push(`${channel} ${textOf(lines)}`);
  });
  decoder.push(tripletsOf(pairs, field));
  return { decoder, replaced };
}

describe('what line 21 has on the screen', () => {
  it('is a pop-on caption once it has been loaded, where it was placed', () => {
    const loading = popOn({ row: 14, column: 4, text: 'HELLO' }, { row: 15, column: 8, text: 'WORLD!' });
    expect(decode(loading.slice(0, -2)).decoder.shown('CC1')).toEqual([]);
    expect(decode(loading).decoder.shown('CC1')).toMatchObject([
      { row: 13, column: 4, runs: [{ text: 'HELLO' }] },
      { row: 14, column: 8, runs: [{ text: 'WORLD!' }] },
    ]);
  });

  it('is the next caption in place of the one before, and nothing after it has been erased', () => {
    const { decoder, replaced } = decode([
      ...popOn({ row: 15, text: 'ONE' }),
      ...popOn({ row: 15, text: 'TWO' }),
      ...line21.eraseDisplayed,
    ]);
    expect(replaced).toEqual(['CC1 ONE', 'CC1 TWO']);
    expect(decoder.shown('CC1')).toEqual([]);
  });

  it('rolls up by as many rows as there are to be', () => {
    const { decoder, replaced } = decode(
      ['A', 'B', 'C'].flatMap((text) =>
        line21.rollUp(2).concat(line21.carriageReturn, line21.place(15), line21.text(text)),
      ),
    );
    expect(replaced).toEqual(['CC1 A', 'CC1 A\nB']);
    expect(textOf(decoder.shown('CC1'))).toBe('B\nC');
  });

  it('moves with the base row of roll-up captions', () => {
    const { decoder } = decode([
      ...line21.rollUp(2),
      ...line21.text('UP'),
      ...line21.place(3),
      ...line21.carriageReturn,
      ...line21.text('DOWN'),
    ]);
    expect(decoder.shown('CC1')).toMatchObject([{ row: 1 }, { row: 2 }]);
  });

  it('is what is painted on, as it comes', () => {
    const { decoder } = decode([...line21.resumeDirect, ...line21.place(1), ...line21.text('PAINT')]);
    expect(textOf(decoder.shown('CC1'))).toBe('PAINT');
  });

  it('knows accents, notes and the characters that take the place of plain ones', () => {
    const { decoder } = decode([
      ...line21.resumeDirect,
      ...line21.special(0x37),
      ...line21.text("*\\ I'VE UE"),
      ...line21.extended(2, 0x27 - 3),
    ]);
    expect(textOf(decoder.shown('CC1'))).toBe('♪áé I’VE UÜ');
  });

  it('keeps italics', () => {
    const { decoder } = decode([
      ...line21.resumeDirect,
      ...line21.text('NO '),
      ...line21.italics,
      ...line21.text('YES'),
    ]);
    expect(decoder.shown('CC1')).toMatchObject([
      {
        runs: [
          { italic: false, text: 'NO ' },
          { italic: true, text: ' YES' },
        ],
      },
    ]);
  });

  it('takes a control code that is repeated once, also with padding between', () => {
    const { decoder } = decode([...line21.resumeDirect, ...line21.text('ABC'), [0x14, 0x21], [0, 0], [0x14, 0x21]]);
    expect(textOf(decoder.shown('CC1'))).toBe('AB');
  });

  it('is kept apart by channel and field', () => {
    const triplets = [
      tripletsOf(popOn({ row: 15, text: 'ONE' })),
      tripletsOf(secondChannel(popOn({ row: 15, text: 'TWO' }))),
      tripletsOf(popOn({ row: 15, text: 'THREE' }), 2),
      tripletsOf(secondChannel(popOn({ row: 15, text: 'FOUR' })), 2),
    ];
    const decoder = new CaptionDecoder(() => undefined);
    for (const each of triplets) decoder.push(each);
    const shown = (['CC1', 'CC2', 'CC3', 'CC4'] as const).map((name) => textOf(decoder.shown(name)));
    expect(shown).toEqual(['ONE', 'TWO', 'THREE', 'FOUR']);
    expect([...decoder.found]).toEqual(['CC1', 'CC2', 'CC3', 'CC4']);
  });

  it('is not the programme data of the second field', () => {
    const { decoder } = decode(
      [...line21.resumeDirect, ...line21.text('CAPTION'), [0x01, 0x03], ...line21.text('XDS')],
      2,
    );
    expect(textOf(decoder.shown('CC3'))).toBe('CAPTION');
  });
});

describe('which channels there are', () => {
  it('is the first where its field is padded, and no other', () => {
    const decoder = new CaptionDecoder(() => undefined);
    decoder.push(Uint8Array.of(0xfc, 0x80, 0x80, 0xfd, 0x80, 0x80, 0xfa, 0, 0));
    expect([...decoder.found]).toEqual(['CC1']);
  });

  it('is told of digital services, too', () => {
    const decoder = new CaptionDecoder(() => undefined);
    // A packet of 4 pairs: service 1 with 2 bytes, service 9 with 1.
    decoder.push(Uint8Array.of(0xff, 0x04, 0x22, 0xfe, 0x41, 0x42, 0xfe, 0xe1, 0x09, 0xfe, 0x43, 0x00));
    expect([...decoder.found]).toEqual(['SERVICE1', 'SERVICE9']);
    expect([...decoder.heard]).toEqual([]);
  });

  it('says which are more than padding: a service is, once a caption of it is over', () => {
    const decoder = new CaptionDecoder(() => undefined);
    const encoder = new DtvccEncoder();
    decoder.push(tripletsOf([[0, 0]]));
    for (const packet of encoder.packets([...digitalPopOn(0, [], 'ONE')])) decoder.push(packet);
    expect([...decoder.heard]).toEqual([]);
    decoder.push(encoder.packet([{ codes: dtvcc.hide(0) }]));
    expect([...decoder.heard]).toEqual(['SERVICE1']);
    decoder.push(tripletsOf(line21.resumeDirect));
    expect([...decoder.heard]).toEqual(['SERVICE1', 'CC1']);
  });
});

describe('beside mux.js', () => {
  /** One pair for each picture, as broadcasters send them. */
  const programmes = fc.array(
    fc.record({
      lines: fc.uniqueArray(
        fc.record({
          row: fc.integer({ min: 1, max: 15 }),
          column: fc.constantFrom(0, 4, 8, 12),
          text: fc.stringMatching(/^[A-Z][A-Za-z,.!? ]{0,16}[A-Za-z!]$/),
        }),
        { selector: ({ row }) => row, minLength: 1, maxLength: 4 },
      ),
      erased: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  );

  it('shows the same pop-on captions at the same times', () => {
    fc.assert(
      fc.property(programmes, (programme) => {
        const pairs = programme.flatMap(({ lines, erased }): Pair[] => [
          ...popOn(...lines.toSorted((a, b) => a.row - b.row)),
          ...Array.from({ length: 10 }, (): Pair => [0, 0]),
          ...(erased ? line21.eraseDisplayed : []),
        ]);
        pairs.push(...line21.eraseDisplayed);
        let ticks = 0;
        let sinceTicks = 0;
        const ours: object[] = [];
        const decoder = new CaptionDecoder((stream, lines) => {
          const text = textOf(lines);
          if (text !== '') ours.push({ stream, startTicks: sinceTicks, endTicks: ticks, text });
          sinceTicks = ticks;
        });
        const units = pairs.map((pair, index) => ({ ticks: index * 3000, unit: captionSei(tripletsOf([pair])) }));
        for (const each of units) {
          ticks = each.ticks;
          decoder.push(captionTriplets(withUnit(each.unit, slice), 4));
        }
        expect(ours).toEqual(readByMuxJs(units));
      }),
      { numRuns: 200 },
    );
  });

  it('shows the same digital captions at the same times', () => {
    const lines = fc.array(fc.stringMatching(/^[A-Za-z!,.'?éüÑ¿\x7f]{1,10}( [A-Za-z.]{1,8}){0,2}$/), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(
        fc.array(fc.record({ lines, hidden: fc.boolean() }), { minLength: 1, maxLength: 6 }),
        fc.constantFrom(1, 2, 6, 7, 40),
        (captions, service) => {
          const commands = captions.flatMap(({ lines: texts, hidden }, index) => [
            ...digitalPopOn(index % 2, [(index + 1) % 2], ...texts),
            ...(hidden ? [dtvcc.hide(index % 2)] : []),
          ]);
          const packets = new DtvccEncoder().packets([...commands, dtvcc.delete(0, 1), dtvcc.reset], service);
          let ticks = 0;
          let sinceTicks = 0;
          const ours: object[] = [];
          const decoder = new CaptionDecoder((channel, shown) => {
            const stream = channel.replace('SERVICE', 'cc708_');
            const text = textOf(shown);
            if (text !== '') ours.push({ stream, startTicks: sinceTicks, endTicks: ticks, text });
            sinceTicks = ticks;
          });
          const units = packets.map((triplets, index) => ({ ticks: index * 3000, unit: captionSei(triplets) }));
          for (const each of units) {
            ticks = each.ticks;
            decoder.push(captionTriplets(withUnit(each.unit, slice), 4));
          }
          expect(ours).toHaveLength(captions.length);
          expect(ours).toEqual(readByMuxJs(units));
        },
      ),
      { numRuns: 200 },
    );
  });
});

it('survives anything', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      const decoder = new CaptionDecoder(() => undefined);
      decoder.push(bytes);
      for (const channel of ['CC1', 'CC2', 'CC3', 'CC4'] as const) {
        for (const { row, column } of decoder.shown(channel)) {
          expect(row).toBeLessThan(15);
          expect(column).toBeLessThan(32);
        }
      }
      captionTriplets(bytes, 4);
      captionTriplets(withUnit(Uint8Array.of(6, ...bytes), slice), 4);
    }),
  );
});

it('survives digital captions of all kinds, and keeps what they show on the screen', () => {
  let random = 7;
  // Numerical Recipes' generator: the same each time.
  const next = (below: number) => (random = (Math.imul(random, 1664525) + 1013904223) >>> 0) % below;
  const byte = () => next(251) ^ next(7);
  let shownLines = 0;
  const decoder = new CaptionDecoder((channel, lines) => {
    if (channel.startsWith('SERVICE')) shownLines += lines.length;
    for (const { row, column, runs } of lines) {
      expect(row).toBeLessThan(15);
      expect(column + textOf([{ row, column, runs }]).length).toBeLessThanOrEqual(42);
      expect(column).toBeGreaterThanOrEqual(0);
    }
  });
  let sequence = 0;
  for (let triplets = 0; triplets < 20_000;) {
    // Windows and text are what has effects; by chance alone there would be few.
    const codes = [...dtvcc.define({ id: next(8), visible: next(2) === 1, rows: 1 + next(15), anchorPoint: next(16) })];
    while (codes.length < 26) codes.push(next(3) === 0 ? 0x80 + next(32) : byte());
    const packet = dtvccPacket(sequence, serviceBlock({ service: 1 + next(63), codes }));
    sequence = (sequence + (next(20) === 0 ? 2 : 1)) & 3;
    if (next(10) === 0) packet[next(packet.length)] = byte();
    decoder.push(packet);
    triplets += packet.length / 3;
  }
  expect(shownLines).toBeGreaterThan(100);
  expect(decoder.found.size).toBeLessThanOrEqual(63 + 4);
});

it('reads no more of a picture than captions can be', () => {
  const unit = captionSei(tripletsOf(line21.text('0123456789ABCDEF')));
  const flooded = Array.from({ length: 1000 }).reduce<Uint8Array>((sample) => withUnit(unit, sample), slice);
  expect(captionTriplets(flooded, 4)).toHaveLength(4 * 31 * 3);
});

it('goes on after digital captions that were lost, without what was on the screen', () => {
  const encoder = new DtvccEncoder();
  const replaced: string[] = [];
  const decoder = new CaptionDecoder((_, lines) => replaced.push(textOf(lines)));
  for (const packet of encoder.packets(digitalPopOn(0, [], 'STUCK'))) decoder.push(packet);
  encoder.packets([dtvcc.delete(0)]);
  const next = encoder.packets(digitalPopOn(1, [], 'NEXT'));
  decoder.push(next[0]!);
  expect(replaced).toEqual(['', 'STUCK']);
  for (const packet of next.slice(1)) decoder.push(packet);
  expect(textOf(decoder.shown('SERVICE1'))).toBe('NEXT');
});
