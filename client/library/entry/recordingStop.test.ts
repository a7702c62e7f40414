import { expect, it } from 'vitest';
import { recordingStopTitle } from './recordingStop.ts';

it('tells a broadcast that was recorded in part from one that was not at all', () => {
  expect(recordingStopTitle({ entryId: null })).toBe('This broadcast is not recorded');
  expect(recordingStopTitle({ entryId: '0_recorded' })).toBe('The recording of this broadcast has stopped');
});
