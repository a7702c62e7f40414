import type { Flavor, Profile } from '../../../shared/model/profile.ts';

function size({ width, height }: Flavor): string {
  if (width && height) return `${width}×${height}`;
  if (width) return `${width} px wide`;
  return height ? `${height}p` : 'source size';
}

/** One sentence on what viewers can choose from and what it costs this server. */
export function describeProfile(profile: Pick<Profile, 'flavors' | 'keepsSource'>): string {
  if (profile.flavors.length === 0)
    return 'Viewers get your stream as you send it, in one quality. Hardly any load on this server.';
  const made = profile.flavors.map((flavor) => `${size(flavor)} (${flavor.videoBitrateKbps} kb/s)`);
  const choices = profile.keepsSource ? `your stream and ${made.join(', ')}` : made.join(', ');
  return `Viewers get ${choices}, whichever suits their connection. Each is encoded here, which takes processor time.`;
}
