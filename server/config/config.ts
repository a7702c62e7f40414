import { accessSync, constants, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { isMissingFile } from '../missingFile.ts';
import { settings, type SettingName, type Settings } from './schema.ts';

/** The settings as the stages want them: each is passed its own sub-object. */
export interface Config {
  readonly http: { readonly port: number; readonly tls?: { readonly certPath: string; readonly keyPath: string } };
  readonly rtmp: { readonly port: number; readonly securePort: number };
  readonly rtsp: { readonly port: number };
  readonly webrtc: { readonly port: number };
  /** Undefined: `http(s)://localhost:<the port that HTTP listens on>`. */
  readonly publicUrl?: string;
  /** Host name or address that ICE candidates and ingest URLs say. */
  readonly announcedAddress: string;
  /** Absolute path. */
  readonly dataDir: string;
  readonly admin: { readonly email: string; readonly password?: string };
  readonly live: {
    readonly reconnectWindowSeconds: number;
    readonly sourceStallSeconds: number;
    readonly primaryReturnSeconds: number;
  };
  readonly storage: { readonly diskFloorBytes: number };
  readonly uploads: { readonly maxBytes: number };
  readonly ffmpeg: { readonly ffmpegPath: string; readonly ffprobePath: string };
  readonly logLevel: string;
}

/** One line that says which setting is wrong and why. */
export class ConfigError extends Error {}

/** Reads `.env` (when there is one) below the environment. Throws ConfigError for an unknown or invalid value. */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env, envFile = '.env'): Config {
  const config = toConfig(parseSettings({ ...readEnvFile(envFile), ...pickKnown(environment) }));
  if (config.http.tls) {
    checkReadable('TLS_CERT', config.http.tls.certPath);
    checkReadable('TLS_KEY', config.http.tls.keyPath);
  }
  return config;
}

function readEnvFile(path: string): Record<string, string | undefined> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissingFile(error)) return {};
    throw new ConfigError(`${path} cannot be read: ${(error as Error).message}.`);
  }
  const values = parseEnv(text);
  const unknown = Object.keys(values).find((name) => !Object.hasOwn(settings, name));
  if (unknown !== undefined)
    throw new ConfigError(`${path}: there is no setting ${unknown}; .env.example lists them all.`);
  return values;
}

function checkReadable(name: SettingName, path: string): void {
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    throw new ConfigError(`${name} is not valid: ${(error as Error).message}.`);
  }
}

/** The environment holds much that is not ours; an empty value means "not set". */
function pickKnown(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.keys(settings).flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
  );
}

function parseSettings(values: Record<string, string | undefined>): Settings {
  const parsed: Partial<Record<SettingName, unknown>> = {};
  for (const name of Object.keys(settings) as SettingName[]) {
    const result = settings[name].schema.safeParse(values[name] || undefined);
    if (!result.success) {
      const why = result.error.issues[0]?.message ?? 'invalid';
      throw new ConfigError(`${name} is not valid: ${why}. ${settings[name].help}`);
    }
    parsed[name] = result.data;
  }
  return parsed as Settings;
}

function toConfig(s: Settings): Config {
  if (Boolean(s.TLS_CERT) !== Boolean(s.TLS_KEY)) throw new ConfigError('TLS_CERT and TLS_KEY must be set together.');
  return {
    http: {
      port: s.HTTP_PORT,
      tls: s.TLS_CERT && s.TLS_KEY ? { certPath: s.TLS_CERT, keyPath: s.TLS_KEY } : undefined,
    },
    rtmp: { port: s.RTMP_PORT, securePort: s.RTMPS_PORT },
    rtsp: { port: s.RTSP_PORT },
    webrtc: { port: s.WEBRTC_PORT },
    publicUrl: s.PUBLIC_URL?.replace(/\/+$/, ''),
    announcedAddress: s.ANNOUNCED_ADDRESS ?? hostOf(s.PUBLIC_URL) ?? '127.0.0.1',
    dataDir: resolve(s.DATA_DIR),
    admin: { email: s.ADMIN_EMAIL, password: s.ADMIN_PASSWORD },
    live: {
      reconnectWindowSeconds: s.RECONNECT_WINDOW_SECONDS,
      sourceStallSeconds: s.SOURCE_STALL_SECONDS,
      primaryReturnSeconds: s.PRIMARY_RETURN_SECONDS,
    },
    storage: { diskFloorBytes: s.DISK_FLOOR_MB * 1e6 },
    uploads: { maxBytes: s.UPLOAD_MAX_MB * 1e6 },
    ffmpeg: { ffmpegPath: s.FFMPEG_PATH, ffprobePath: s.FFPROBE_PATH },
    logLevel: s.LOG_LEVEL,
  };
}

function hostOf(publicUrl: string | undefined): string | undefined {
  if (publicUrl === undefined) return undefined;
  // A URL writes an IPv6 address in brackets, ICE does not.
  const host = new URL(publicUrl).hostname.replace(/^\[(.*)\]$/, '$1');
  return host === 'localhost' ? undefined : host;
}
