import type { Flavor } from '../../shared/model/profile.ts';
import { expect, it } from 'vitest';
import { nextFlavor, profileValuesOf, profileValuesSchema } from './profileValues.ts';

it('suggests renditions downwards and never one that is there', () => {
  const flavors: Flavor[] = [];
  for (let made = 0; made < 6; made++) flavors.push(nextFlavor(flavors));
  expect(flavors.map(({ name }) => name)).toEqual(['720p', '540p', '360p', '240p', 'Rendition 5', 'Rendition 6']);
});

it('explains what is wrong with an emptied number', () => {
  const values = { ...profileValuesOf(undefined), name: 'Small' };
  expect(profileValuesSchema.safeParse(values).success).toBe(true);
  const wrong = profileValuesSchema.safeParse({
    ...values,
    flavors: [{ ...nextFlavor([]), videoBitrateKbps: '', width: 9000 }],
  });
  expect(wrong.error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([
    ['flavors.0.width', 'At most 3840 pixels.'],
    ['flavors.0.videoBitrateKbps', 'Give a whole number.'],
  ]);
});
