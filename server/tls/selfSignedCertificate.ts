import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { isMissingFile } from '../missingFile.ts';
import type { CertificateOrigin, KeyPair } from './certificate.ts';

const dayMs = 86_400_000;
/** Clients accept no longer ones (CA/Browser Forum, 398 days). */
const lifetimeDays = 397;
const renewBeforeDays = 30;

export interface SelfSignedOptions {
  readonly directory: string;
  /** Host names and addresses that clients connect to. */
  readonly names: readonly string[];
  readonly now: () => number;
}

/** A certificate of our own, kept in the directory, made anew before it ends or when it lacks a name. */
export function selfSignedCertificate({ directory, names, now }: SelfSignedOptions): CertificateOrigin {
  const certPath = join(directory, 'selfSigned.crt');
  const keyPath = join(directory, 'selfSigned.key');
  return {
    intervalMs: dayMs,
    read: async () => {
      const kept = await readPair(certPath, keyPath);
      if (kept && isGood(kept, names, now())) return kept;
      const made = await make(names, now());
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await replace(keyPath, made.key, 0o600);
      await replace(certPath, made.cert, 0o644);
      return made;
    },
  };
}

async function readPair(certPath: string, keyPath: string): Promise<KeyPair | undefined> {
  try {
    const [cert, key] = await Promise.all([readFile(certPath, 'utf8'), readFile(keyPath, 'utf8')]);
    return { cert, key };
  } catch (error) {
    if (isMissingFile(error)) return undefined;
    throw error;
  }
}

function isGood({ cert, key }: KeyPair, names: readonly string[], nowMs: number): boolean {
  try {
    const certificate = new X509Certificate(cert);
    const endsMs = Date.parse(certificate.validTo);
    const covers = (name: string) =>
      isIP(name) ? certificate.checkIP(name) !== undefined : certificate.checkHost(name) !== undefined;
    return (
      endsMs - nowMs >= renewBeforeDays * dayMs &&
      names.every(covers) &&
      certificate.checkPrivateKey(createPrivateKey(key))
    );
  } catch {
    // Not a certificate, or not a key: as if there were none.
    return false;
  }
}

async function make(names: readonly string[], nowMs: number): Promise<KeyPair> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: names[0] ?? 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    // Clocks of encoders may be behind.
    notBeforeDate: new Date(nowMs - dayMs),
    notAfterDate: new Date(nowMs + (lifetimeDays - 1) * dayMs),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })),
      },
    ],
  });
  return { cert, key };
}

/** Whole or not at all. */
async function replace(path: string, text: string, mode: number): Promise<void> {
  const fresh = `${path}.new`;
  await writeFile(fresh, text, { mode });
  await rename(fresh, path);
}
