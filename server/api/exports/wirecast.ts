import { firstStreamName } from '../../../shared/urls.ts';
import type { EncoderExport } from './exportedEntry.ts';
import { encodingAdvice } from './recommendedEncoding.ts';
import { secureAdvice, secureField } from './secureAddress.ts';
import { settingsFile } from './settingsFile.ts';

/** Telestream Wirecast, destination “RTMP Server”. */
export const exportWirecast: EncoderExport = ({ id, ingest }) => {
  const { password } = ingest;
  const fields = [
    { label: 'Address', value: ingest.primaryUrl, secret: password },
    ...secureField('Address, encrypted', ingest.securePrimaryUrl, password),
    { label: 'Stream', value: firstStreamName(ingest.streamName), secret: null },
    { label: 'User name', value: ingest.username, secret: null },
    { label: 'Password', value: password, secret: password },
    { label: 'Address of a backup', value: ingest.backupUrl, secret: password },
  ];
  return {
    id: 'wirecast',
    name: 'Wirecast',
    steps: [
      'Open Output → Output Settings, choose the destination “RTMP Server” and copy address and stream.',
      'User name and password (Set Credentials) are needed only when the address is entered without its query.',
      `Encoding: ${encodingAdvice}`,
      'Press Start / Stop Broadcasting.',
      ...(ingest.securePrimaryUrl ? [secureAdvice] : []),
    ],
    fields,
    commands: [],
    files: [settingsFile(`wirecast_${id}.txt`, 'Wirecast: Output Settings, RTMP Server', fields)],
    codes: [],
  };
};
