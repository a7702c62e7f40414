import type { EncoderExport } from './exportedEntry.ts';
import { publishAddress } from './publishAddress.ts';
import { encodingAdvice } from './recommendedEncoding.ts';
import { secureAdvice, secureField } from './secureAddress.ts';

const putInPlace =
  'Instead of copying you can download service.json: make a new profile in OBS (Profile → New), open its folder ' +
  '(File → Show Profile Folder), close OBS, put the file into the folder, and start OBS again.';

/** OBS Studio over RTMP. */
export const exportObs: EncoderExport = ({ ingest }) => {
  const { server, key } = publishAddress(ingest.primaryUrl, ingest);
  const service = { type: 'rtmp_custom', settings: { bwtest: false, key, server, use_auth: false } };
  const backup = publishAddress(ingest.backupUrl, ingest);
  const secure = ingest.securePrimaryUrl && publishAddress(ingest.securePrimaryUrl, ingest).server;
  return {
    id: 'obs',
    name: 'OBS',
    steps: [
      'Open Settings → Stream, choose the service “Custom…” and copy server and stream key. Leave “Use authentication” off.',
      `In Settings → Output and Settings → Video set: ${encodingAdvice}`,
      'Press Start Streaming.',
    ],
    notes: [putInPlace, ...(secure ? [secureAdvice] : [])],
    fields: [
      { label: 'Server', value: server, secret: null },
      ...secureField('Server, encrypted', secure),
      { label: 'Stream Key', value: key, secret: ingest.password },
      { label: 'Stream Key of a second OBS, as backup', value: backup.key, secret: ingest.password },
    ],
    commands: [],
    files: [{ name: 'service.json', mediaType: 'application/json', text: `${JSON.stringify(service, null, 2)}\n` }],
    codes: [],
  };
};

/** OBS Studio 30 and newer over WebRTC. */
export const exportObsWhip: EncoderExport = ({ ingest: { whipUrl, whipToken } }) => {
  const service = { type: 'whip_custom', settings: { bearer_token: whipToken, server: whipUrl, service: 'WHIP' } };
  return {
    id: 'obsWhip',
    name: 'OBS, WHIP',
    steps: [
      'In OBS 30 or newer open Settings → Stream, choose the service “WHIP” and copy server and bearer token.',
      'In Settings → Output choose an H.264 encoder without B-frames and a key-frame interval of 2 seconds.',
      'Press Start Streaming.',
    ],
    notes: [putInPlace],
    fields: [
      { label: 'Server', value: whipUrl, secret: null },
      { label: 'Bearer Token', value: whipToken, secret: whipToken },
    ],
    commands: [],
    files: [{ name: 'service.json', mediaType: 'application/json', text: `${JSON.stringify(service, null, 2)}\n` }],
    codes: [],
  };
};
