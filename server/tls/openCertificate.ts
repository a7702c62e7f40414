import { join } from 'node:path';
import type { Logger } from '../log.ts';
import { Certificate } from './certificate.ts';
import { certificateFiles } from './certificateFiles.ts';
import { selfSignedCertificate } from './selfSignedCertificate.ts';

export interface CertificateChoice {
  /** The operator's, if there are any. */
  readonly files: { readonly certPath: string; readonly keyPath: string } | undefined;
  readonly dataDir: string;
  /** What clients are told to connect to. */
  readonly announcedAddress: string;
  readonly publicUrl: string | undefined;
  readonly now: () => number;
  readonly log: Logger;
}

const localNames = ['localhost', '127.0.0.1', '::1'];

/** The certificate of everything that speaks TLS here: the operator's, or one of our own. */
export async function openCertificate(choice: CertificateChoice): Promise<Certificate> {
  const { files, dataDir, announcedAddress, publicUrl, now, log } = choice;
  if (files) return await Certificate.open(certificateFiles(files), log);
  // A URL writes an IPv6 address in brackets, a certificate does not.
  const publicHost = publicUrl === undefined ? [] : [new URL(publicUrl).hostname.replace(/^\[(.*)\]$/, '$1')];
  const names = [...new Set([announcedAddress.replace(/^\[(.*)\]$/, '$1'), ...publicHost, ...localNames])];
  return await Certificate.open(selfSignedCertificate({ directory: join(dataDir, 'tls'), names, now }), log);
}
