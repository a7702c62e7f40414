import { z } from 'zod';
import { flavorSchema, profileSchema, type Flavor, type Profile } from '../../shared/model/profile.ts';

const whole = (least: number, most: number, unit: string) =>
  z.int('Give a whole number.').min(least, `At least ${least} ${unit}.`).max(most, `At most ${most} ${unit}.`);

const flavorValuesSchema = flavorSchema.extend({
  name: z.string().trim().min(1, 'Give it a name.').max(60, 'At most 60 characters.'),
  width: whole(0, 3840, 'pixels'),
  height: whole(0, 2160, 'pixels'),
  videoBitrateKbps: whole(50, 20_000, 'kb/s'),
});

/** What the profile form holds. */
export const profileValuesSchema = profileSchema.omit({ id: true, builtIn: true }).extend({
  name: z.string().trim().min(1, 'Give the profile a name.').max(80, 'At most 80 characters.'),
  flavors: z.array(flavorValuesSchema).max(6),
  audioBitrateKbps: whole(32, 320, 'kb/s'),
});
export type ProfileValues = z.infer<typeof profileValuesSchema>;

export const maxFlavors = 6;

export function profileValuesOf(profile: Profile | undefined): ProfileValues {
  if (!profile)
    return {
      name: '',
      description: '',
      isDefault: false,
      keepsSource: true,
      audioBitrateKbps: 128,
      flavors: [nextFlavor([])],
    };
  const { name, description, isDefault, keepsSource, flavors, audioBitrateKbps } = profile;
  return { name, description, isDefault, keepsSource, flavors, audioBitrateKbps };
}

const suggestions: readonly Flavor[] = [
  { name: '720p', width: 0, height: 720, videoBitrateKbps: 1700, h264Profile: 'high' },
  { name: '540p', width: 0, height: 540, videoBitrateKbps: 1000, h264Profile: 'main' },
  { name: '360p', width: 0, height: 360, videoBitrateKbps: 600, h264Profile: 'main' },
  { name: '240p', width: 0, height: 240, videoBitrateKbps: 300, h264Profile: 'baseline' },
];

/** A sensible next rendition: the largest usual one that is not there yet. */
export function nextFlavor(existing: readonly Flavor[]): Flavor {
  const missing = suggestions.find(({ name }) => !existing.some((flavor) => flavor.name === name));
  return missing ?? { ...suggestions[2]!, name: `Rendition ${existing.length + 1}` };
}
