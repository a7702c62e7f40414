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
    { label: 'Address that asks for user name and password', value: ingest.loginUrl, secret: null },
    { label: 'User name', value: ingest.username, secret: null },
    { label: 'Password', value: password, secret: password },
    { label: 'Address of a backup', value: ingest.backupUrl, secret: password },
  ];
  return {
    id: 'wirecast',
    name: 'Wirecast',
    steps: [
      'Open Output → Output Settings, choose the destination “RTMP Server” and copy address and stream.',
      `Choose an encoder preset with: ${encodingAdvice}`,
      'Press Start / Stop Broadcasting.',
    ],
    notes: [
      'The key is part of the address, so user name and password (Set Credentials) are not needed with it.',
      ...(ingest.securePrimaryUrl ? [secureAdvice] : []),
    ],
    fields,
    commands: [],
    files: [settingsFile(`wirecast_${id}.txt`, 'Wirecast: Output Settings, RTMP Server', fields)],
    codes: [],
  };
};
