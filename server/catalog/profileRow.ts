import type { Flavor, Profile } from '../../shared/model/profile.ts';
import type { ProfileRow } from './tables.ts';

export function toProfile(row: ProfileRow): Profile {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    builtIn: row.built_in === 1,
    isDefault: row.is_default === 1,
    keepsSource: row.keeps_source === 1,
    flavors: JSON.parse(row.flavors) as Flavor[],
    audioBitrateKbps: row.audio_bitrate_kbps,
  };
}

export function toProfileRow(profile: Profile, createdAtMs: number): ProfileRow {
  return {
    id: profile.id,
    name: profile.name,
    description: profile.description,
    built_in: Number(profile.builtIn),
    is_default: Number(profile.isDefault),
    keeps_source: Number(profile.keepsSource),
    flavors: JSON.stringify(profile.flavors),
    audio_bitrate_kbps: profile.audioBitrateKbps,
    created_at_ms: createdAtMs,
  };
}
