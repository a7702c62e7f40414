import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tallylight-config-'));
});

function load(environment: Record<string, string> = {}, envFile?: string) {
  const path = join(directory, '.env');
  if (envFile !== undefined) writeFileSync(path, envFile);
  return loadConfig(environment, path);
}

describe('loadConfig', () => {
  it('needs no setting at all', () => {
    const config = load();
    expect(config).toMatchObject({
      http: { port: 8080, tls: undefined },
      rtmp: { port: 1935, securePort: 1936 },
      rtsp: { port: 8554 },
      webrtc: { port: 44400 },
      publicUrl: undefined,
      announcedAddress: '127.0.0.1',
      admin: { email: 'admin@localhost', password: undefined },
      live: { reconnectWindowSeconds: 300 },
      ffmpeg: { ffmpegPath: 'ffmpeg', ffprobePath: 'ffprobe' },
      logLevel: 'info',
    });
    expect(isAbsolute(config.dataDir)).toBe(true);
  });

  it('lets the environment win over the .env file', () => {
    const config = load({ HTTP_PORT: '9000' }, 'HTTP_PORT=9001\nRTMP_PORT=9002 # encoders\n');
    expect([config.http.port, config.rtmp.port]).toEqual([9000, 9002]);
  });

  it('takes an empty value as not set, in both places', () => {
    expect(load({ HTTP_PORT: '' }, 'HTTP_PORT=9001\nRTMP_PORT=\n')).toMatchObject({
      http: { port: 9001 },
      rtmp: { port: 1935 },
    });
  });

  it('lets the environment hold what it likes', () => {
    expect(load({ HTP_PORT: '9000' }).http.port).toBe(8080);
  });

  it.each(['HTP_PORT', 'toString'])('names the unknown setting %s in the .env file', (name) => {
    expect(() => load({}, `${name}=9000\n`)).toThrow(new RegExp(`there is no setting ${name}`));
  });

  it('says that the .env file cannot be read', () => {
    expect(() => loadConfig({}, directory)).toThrow(ConfigError);
  });

  it.each([
    ['HTTP_PORT', '65536', /at most 65535/],
    ['HTTP_PORT', '-1', /whole number/],
    ['HTTP_PORT', '0x50', /whole number/],
    ['RTMP_PORT', ' ', /whole number/],
    ['RTMP_PORT', '1935.5', /whole number/],
    ['RECONNECT_WINDOW_SECONDS', '86401', /at most 86400/],
    ['PUBLIC_URL', 'live.example.org', /http/],
    ['PUBLIC_URL', 'ftp://live.example.org', /http/],
    ['PUBLIC_URL', 'https://live.example.org/?a=b', /query/],
    ['ANNOUNCED_ADDRESS', 'https://live.example.org', /host name or an address/],
    ['ADMIN_EMAIL', 'somebody', /e-mail/],
    ['ADMIN_PASSWORD', 'short', /8/],
    ['LOG_LEVEL', 'loud', /info/],
    ['TLS_CERT', '/nowhere/cert.pem', /TLS_KEY/],
  ])('refuses %s=%s in one line that names it', (name, value, why) => {
    const attempt = () => load({ [name]: value });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(why);
    expect(attempt).toThrow(new RegExp(`^[^\\n]*${name}[^\\n]*$`));
  });

  it('never repeats the password it refuses', () => {
    expect(() => load({ ADMIN_PASSWORD: 'secret7' })).toThrow(/^(?!.*secret7)/);
  });

  it('wants both TLS files, and wants them readable', () => {
    const cert = join(directory, 'cert.pem');
    writeFileSync(cert, '');
    expect(() => load({ TLS_CERT: cert, TLS_KEY: '/nowhere/key.pem' })).toThrow(/TLS_KEY.*\/nowhere\/key\.pem/);
    expect(load({ TLS_CERT: cert, TLS_KEY: cert }).http.tls).toEqual({ certPath: cert, keyPath: cert });
  });

  it.each([
    ['https://live.example.org/', 'live.example.org'],
    ['http://localhost:8080', '127.0.0.1'],
    ['http://[2001:db8::1]:8080', '2001:db8::1'],
  ])('derives the announced address of %s', (publicUrl, address) => {
    const config = load({ PUBLIC_URL: publicUrl });
    expect(config.announcedAddress).toBe(address);
    expect(config.publicUrl).toBe(publicUrl.replace(/\/$/, ''));
  });

  it('prefers the announced address that is set', () => {
    const config = load({ PUBLIC_URL: 'https://live.example.org', ANNOUNCED_ADDRESS: '203.0.113.5' });
    expect(config.announcedAddress).toBe('203.0.113.5');
  });
});
