import { expect, it } from 'vitest';
import { commandOf } from './keys.ts';

const press = (key: string, ...held: string[]) =>
  commandOf({
    key,
    shiftKey: held.includes('shift'),
    ctrlKey: held.includes('ctrl'),
    metaKey: held.includes('meta'),
    altKey: held.includes('alt'),
  });

it('keys do what editors are used to', () => {
  expect([press('i'), press('O'), press('j'), press('k'), press('l')]).toEqual([
    'setIn',
    'setOut',
    'backwards',
    'pause',
    'forwards',
  ]);
  expect([press(' '), press('ArrowLeft'), press('ArrowRight', 'shift')]).toEqual(['toggle', 'frameBack', 'secondOn']);
  expect([press('I', 'shift'), press('?', 'shift')]).toEqual(['goToIn', 'help']);
});

it('undo and redo are where each system has them', () => {
  expect([press('z', 'ctrl'), press('z', 'meta'), press('Z', 'ctrl', 'shift'), press('y', 'ctrl')]).toEqual([
    'undo',
    'undo',
    'redo',
    'redo',
  ]);
});

it('the browser keeps its own keys', () => {
  expect([
    press('l', 'ctrl'),
    press('ArrowLeft', 'alt'),
    press('i', 'ctrl', 'shift'),
    press('x'),
    press('Tab'),
  ]).toEqual(Array.from({ length: 5 }));
});
