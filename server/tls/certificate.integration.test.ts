import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Certificate } from './certificate.ts';
import { certificateFiles } from './certificateFiles.ts';
import { openCertificate } from './openCertificate.ts';
import { selfSignedCertificate } from './selfSignedCertificate.ts';

const dayMs = 86_400_000;
const log = pino({ enabled: false });
let directory: string;
const opened: Certificate[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tallylight-tls-'));
});
afterEach(async () => {
  for (const certificate of opened.splice(0)) await certificate.close();
  await rm(directory, { recursive: true });
});

async function open(now: () => number, names = ['live.example.org', '203.0.113.5', '2001:db8::5']) {
  const certificate = await Certificate.open(selfSignedCertificate({ directory, names, now }), log);
  opened.push(certificate);
  return certificate;
}

describe('a certificate of our own', () => {
  it('has every name and address, lasts a year, and keeps its key to itself', async () => {
    const certificate = await open(() => Date.now());
    const x509 = new X509Certificate(certificate.current.cert);
    expect(x509.checkHost('live.example.org')).toBe('live.example.org');
    expect(x509.checkIP('203.0.113.5')).toBe('203.0.113.5');
    expect(x509.checkIP('2001:db8::5')).toBe('2001:db8::5');
    expect(x509.checkHost('other.example.org')).toBeUndefined();
    expect((Date.parse(x509.validTo) - Date.now()) / dayMs).toBeGreaterThan(395);
    expect(Date.parse(x509.validFrom)).toBeLessThan(Date.now());
    expect((await stat(join(directory, 'selfSigned.key'))).mode & 0o777).toBe(0o600);
  });

  it('stays the same over starts, until thirty days before its end', async () => {
    let now = Date.now();
    const first = await open(() => now);
    const original = first.current.cert;
    expect((await open(() => now)).current.cert).toBe(original);
    let changes = 0;
    first.onChanged(() => (changes += 1));
    now += 360 * dayMs;
    await first.look();
    expect([first.current.cert === original, changes]).toEqual([true, 0]);
    now += 7 * dayMs;
    await first.look();
    expect([first.current.cert === original, changes]).toEqual([false, 1]);
    expect(await readFile(join(directory, 'selfSigned.crt'), 'utf8')).toBe(first.current.cert);
  });

  it('is made anew for another name, and when its files are damaged', async () => {
    const first = await open(() => Date.now(), ['a.example.org']);
    const second = await open(() => Date.now(), ['b.example.org']);
    expect(second.current.cert).not.toBe(first.current.cert);
    await writeFile(join(directory, 'selfSigned.key'), first.current.key);
    const third = await open(() => Date.now(), ['b.example.org']);
    expect(third.current.cert).not.toBe(second.current.cert);
    await writeFile(join(directory, 'selfSigned.crt'), 'torn');
    expect((await open(() => Date.now(), ['b.example.org'])).current.cert).toContain('BEGIN CERTIFICATE');
  });

  it('is made of what clients are told to connect to', async () => {
    const publicUrl = 'https://[2001:db8::1]:8443';
    const now = () => Date.now();
    const certificate = await openCertificate({
      files: undefined,
      dataDir: directory,
      announcedAddress: 'live.example.org',
      publicUrl,
      now,
      log,
    });
    opened.push(certificate);
    const x509 = new X509Certificate(certificate.current.cert);
    expect([x509.checkIP('2001:db8::1'), x509.checkHost('live.example.org'), x509.checkHost('localhost')]).toEqual([
      '2001:db8::1',
      'live.example.org',
      'localhost',
    ]);
  });
});

describe('the operator’s certificate', () => {
  it('is shown anew when both of its files have changed, and not before', async () => {
    const [old, fresh] = [await open(() => Date.now(), ['old']), await open(() => Date.now(), ['new'])];
    const files = { certPath: join(directory, 'cert.pem'), keyPath: join(directory, 'key.pem') };
    await writeFile(files.certPath, old.current.cert);
    await writeFile(files.keyPath, old.current.key);
    const certificate = await Certificate.open(certificateFiles(files), log);
    opened.push(certificate);
    let changes = 0;
    const forget = certificate.onChanged(() => (changes += 1));
    await writeFile(files.certPath, fresh.current.cert);
    await certificate.look();
    expect([changes, certificate.current]).toEqual([0, old.current]);
    await writeFile(files.keyPath, fresh.current.key);
    await certificate.look();
    expect([changes, certificate.current]).toEqual([1, fresh.current]);
    await rm(files.keyPath);
    await certificate.look();
    expect([changes, certificate.current]).toEqual([1, fresh.current]);
    forget();
  });

  it('must fit its key from the start', async () => {
    const [one, other] = [await open(() => Date.now(), ['one']), await open(() => Date.now(), ['other'])];
    const files = { certPath: join(directory, 'cert.pem'), keyPath: join(directory, 'key.pem') };
    await writeFile(files.certPath, one.current.cert);
    await writeFile(files.keyPath, other.current.key);
    await expect(Certificate.open(certificateFiles(files), log)).rejects.toThrow(/key/i);
  });
});
