import type { Profile } from '../../shared/model/profile.ts';

/** The profile of entries that name none, until another one is made the default. */
export const cloudProfileId = 'cloud';

/**
 * The profiles that are always there. Audio is 128 kbit/s where Kaltura's flavors say 64: AAC-LC stereo is audibly
 * poorer at 64, and one audio track serves all renditions.
 */
export const builtInProfiles: readonly Profile[] = [
  {
    id: 'passthrough',
    name: 'Passthrough',
    description: 'Publish only the broadcast stream, as it is sent.',
    builtIn: true,
    isDefault: false,
    keepsSource: true,
    flavors: [],
    audioBitrateKbps: 128,
  },
  {
    id: cloudProfileId,
    name: 'Cloud Transcode',
    description: 'The source and three smaller renditions for slower connections.',
    builtIn: true,
    isDefault: true,
    keepsSource: true,
    flavors: [
      { name: 'Basic 400', width: 480, height: 0, videoBitrateKbps: 400, h264Profile: 'baseline' },
      { name: 'Basic 600', width: 640, height: 0, videoBitrateKbps: 600, h264Profile: 'baseline' },
      { name: 'SD 900', width: 640, height: 0, videoBitrateKbps: 900, h264Profile: 'main' },
    ],
    audioBitrateKbps: 128,
  },
];
