/** RFC 6184 8.1, table 5: `profile_idc`, then which bits of `profile-iop` count and their values. */
const patterns: readonly [idc: number, mask: number, bits: number, profile: string][] = [
  [0x42, 0x4f, 0x40, 'constrainedBaseline'],
  [0x4d, 0x8f, 0x80, 'constrainedBaseline'],
  [0x58, 0xcf, 0xc0, 'constrainedBaseline'],
  [0x42, 0x4f, 0x00, 'baseline'],
  [0x58, 0xcf, 0x80, 'baseline'],
  [0x4d, 0xaf, 0x00, 'main'],
  [0x64, 0xff, 0x00, 'high'],
  [0x64, 0xff, 0x0c, 'constrainedHigh'],
];

/** The profiles that are accepted, each with the `profile-level-id` it goes by inside the SFU. */
export const h264Profiles: readonly { readonly profile: string; readonly profileLevelId: string }[] = [
  { profile: 'constrainedBaseline', profileLevelId: '42e01f' },
  { profile: 'baseline', profileLevelId: '42001f' },
  { profile: 'main', profileLevelId: '4d001f' },
  { profile: 'high', profileLevelId: '64001f' },
  { profile: 'constrainedHigh', profileLevelId: '640c1f' },
];

/** The SFU's own `profile-level-id` for an offered one; undefined when the profile is not accepted. */
export function routerProfileLevelId(profileLevelId: string): string | undefined {
  if (!/^[0-9a-f]{6}$/i.test(profileLevelId)) return undefined;
  const idc = Number.parseInt(profileLevelId.slice(0, 2), 16);
  const iop = Number.parseInt(profileLevelId.slice(2, 4), 16);
  const [, , , profile] = patterns.find((pattern) => pattern[0] === idc && (iop & pattern[1]) === pattern[2]) ?? [];
  return h264Profiles.find((known) => known.profile === profile)?.profileLevelId;
}
