import { readFile } from 'node:fs/promises';
import type { CertificateOrigin } from './certificate.ts';

/** The operator's files, which are renewed behind our back. */
export function certificateFiles({ certPath, keyPath }: { certPath: string; keyPath: string }): CertificateOrigin {
  return {
    intervalMs: 10_000,
    read: async () => {
      const [cert, key] = await Promise.all([readFile(certPath, 'utf8'), readFile(keyPath, 'utf8')]);
      return { cert, key };
    },
  };
}
