import type { EncoderExport } from './exportedEntry.ts';
import { publishAddress } from './publishAddress.ts';
import { encodingAdvice } from './recommendedEncoding.ts';
import { secureAdvice, secureField } from './secureAddress.ts';
import { settingsFile } from './settingsFile.ts';

/** vMix, destination “Custom RTMP Server”. */
export const exportVmix: EncoderExport = ({ id, ingest }) => {
  const { server, key } = publishAddress(ingest.primaryUrl, ingest);
  const backup = publishAddress(ingest.backupUrl, ingest);
  const secure = ingest.securePrimaryUrl && publishAddress(ingest.securePrimaryUrl, ingest).server;
  const fields = [
    { label: 'URL', value: server, secret: null },
    ...secureField('URL, encrypted', secure),
    { label: 'Stream Name or Key', value: key, secret: ingest.password },
    { label: 'Stream Name or Key of a backup', value: backup.key, secret: ingest.password },
  ];
  return {
    id: 'vmix',
    name: 'vMix',
    steps: [
      'Click the cog beside Stream, choose the destination “Custom RTMP Server” and copy URL and stream key.',
      `Set the quality to: ${encodingAdvice}`,
      'Press Stream.',
    ],
    notes: [
      'For a backup, set up a second vMix, or a second destination, with the same URL and the backup’s key.',
      ...(secure ? [secureAdvice] : []),
    ],
    fields,
    commands: [],
    files: [settingsFile(`vmix_${id}.txt`, 'vMix: Streaming Settings, Custom RTMP Server', fields)],
    codes: [],
  };
};
