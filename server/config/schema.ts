import { z } from 'zod';

/** Digits only: an empty-looking value or `0x1f` is a slip of the pen, not a number. */
const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'it must be a whole number')
    .transform(Number)
    .pipe(z.number().min(least, `it must be at least ${least}`).max(most, `it must be at most ${most}`));
const port = wholeNumber(0, 65_535);
const optionalPath = z.string().min(1).optional();

/** A setting: how it is checked, and the sentence that explains it in `.env.example` and in errors. */
interface Setting {
  readonly schema: z.ZodType;
  readonly help: string;
  /** Shown in `.env.example`: the default, or what it is derived from. */
  readonly example: string;
}

/** Every setting there is. Only `config/` reads the environment; a port of 0 asks the system for a free one. */
export const settings = {
  HTTP_PORT: { schema: port.default(8080), example: '8080', help: 'Studio, API, playback and WHIP.' },
  RTMP_PORT: { schema: port.default(1935), example: '1935', help: 'RTMP from encoders.' },
  RTMPS_PORT: {
    schema: port.default(1936),
    example: '1936',
    help: 'RTMP over TLS, with TLS_CERT or else with a self-signed certificate that the server makes and renews in DATA_DIR.',
  },
  RTSP_PORT: {
    schema: port.default(8554),
    example: '8554',
    help: 'RTSP from encoders; where their RTP comes over UDP, any free UDP ports beside it.',
  },
  WEBRTC_PORT: { schema: port.default(44400), example: '44400', help: 'UDP and TCP, one port for all WebRTC.' },
  ANNOUNCED_ADDRESS: {
    schema: z
      .string()
      .max(253)
      .regex(/^[\w.:-]+$/, 'it must be a host name or an address')
      .optional(),
    example: '203.0.113.5',
    help: 'The address other machines reach this one at: ICE candidates and ingest addresses say it. Default: the host of PUBLIC_URL when that is not localhost, else 127.0.0.1.',
  },
  PUBLIC_URL: {
    schema: z
      .url({ protocol: /^https?$/, error: 'it must be an http:// or https:// address' })
      .refine((url) => !/[?#]/.test(url), 'it must have no query and no fragment')
      .optional(),
    example: 'https://live.example.org',
    help: 'Base of links and embeds, as viewers see it. Default: http://localhost:HTTP_PORT, or https:// with TLS_CERT.',
  },
  TLS_CERT: {
    schema: optionalPath,
    example: '/etc/tallylight/cert.pem',
    help: 'Certificate chain (PEM): serves HTTP_PORT as HTTPS, and RTMPS_PORT. Needs TLS_KEY. Renewed files are picked up within seconds.',
  },
  TLS_KEY: { schema: optionalPath, example: '/etc/tallylight/key.pem', help: 'Private key (PEM) of TLS_CERT.' },
  DATA_DIR: {
    schema: z.string().min(1).default('./data'),
    example: './data',
    help: 'Everything that must survive: database, media.',
  },
  ADMIN_EMAIL: {
    schema: z.email('it must be an e-mail address').or(z.literal('admin@localhost')).default('admin@localhost'),
    example: 'admin@localhost',
    help: 'The first user, made at the first start.',
  },
  ADMIN_PASSWORD: {
    schema: z.string().min(8).max(256).optional(),
    example: 'choose-a-long-one',
    help: 'Password of the first user. Default: generated and printed once.',
  },
  RECONNECT_WINDOW_SECONDS: {
    schema: wholeNumber(0, 86_400).default(300),
    example: '300',
    help: 'How long a broadcast waits for a publisher that dropped before it has ended.',
  },
  SOURCE_STALL_SECONDS: {
    schema: z.coerce.number().min(0.5).max(60).default(2),
    example: '2',
    help: 'An encoder without media for this long gives way to its backup.',
  },
  PRIMARY_RETURN_SECONDS: {
    schema: z.coerce.number().min(0).max(600).default(10),
    example: '10',
    help: 'A primary encoder that came back is on air again once it has been steady for this long.',
  },
  DISK_FLOOR_MB: {
    schema: wholeNumber(0, 100_000_000).default(1024),
    example: '1024',
    help: 'Free space on DATA_DIR’s disk, in megabytes, below which nothing is recorded; what is live stays live.',
  },
  UPLOAD_MAX_MB: {
    schema: wholeNumber(1, 100_000_000).default(20_000),
    example: '20000',
    help: 'Largest video file that can be uploaded, in megabytes.',
  },
  FFMPEG_PATH: { schema: z.string().min(1).default('ffmpeg'), example: 'ffmpeg', help: 'ffmpeg 5.1 or newer.' },
  FFPROBE_PATH: {
    schema: z.string().min(1).default('ffprobe'),
    example: 'ffprobe',
    help: 'ffprobe of the same build.',
  },
  LOG_LEVEL: {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    example: 'info',
    help: 'How much is logged.',
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;
export type Settings = { [Name in SettingName]: z.output<(typeof settings)[Name]['schema']> };
