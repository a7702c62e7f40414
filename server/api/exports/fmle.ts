import { firstStreamName } from '../../../shared/urls.ts';
import type { EncoderExport } from './exportedEntry.ts';
import { writeFmleProfile } from './fmleProfile.ts';

/** Adobe Flash Media Live Encoder. */
export const exportFmle: EncoderExport = (entry) => {
  const { id, ingest, streams } = entry;
  const { primaryUrl, backupUrl, loginUrl, streamName, username, password } = ingest;
  return {
    id: 'fmle',
    name: 'Flash Media Live Encoder',
    steps: [
      'Download the profile and open it with File → Open Profile.',
      'Choose the camera and the microphone.',
      'Press Connect, then Start.',
    ],
    notes: [
      'The key is part of the URLs, so user name and password are not needed with them.',
      streams.length > 1
        ? `It sends ${streams.length} qualities and replaces %i in the stream’s name by 1, 2 and 3. To send them in step, ` +
          'set mbrconfig/streamsynchronization/enable to true in its config.xml.'
        : 'It replaces %i in the stream’s name by 1.',
      `Other encoders that open its profiles may send %i as it is written: give them export_${id}_1.xml.`,
    ],
    fields: [
      { label: 'FMS URL', value: primaryUrl, secret: password },
      { label: 'Backup URL', value: backupUrl, secret: password },
      { label: 'Stream', value: streamName, secret: null },
      { label: 'Stream, for encoders that do not know %i', value: firstStreamName(streamName), secret: null },
      { label: 'FMS URL that asks for user name and password', value: loginUrl, secret: null },
      { label: 'User name', value: username, secret: null },
      { label: 'Password', value: password, secret: password },
    ],
    commands: [],
    files: [
      { name: `export_${id}.xml`, mediaType: 'text/xml', text: writeFmleProfile(entry) },
      { name: `export_${id}_1.xml`, mediaType: 'text/xml', text: writeFmleProfile(entry, { stream: 1 }) },
    ],
    codes: [],
  };
};
