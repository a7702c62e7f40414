import { describe, expect, it } from 'vitest';
import { encoderSettingsSchema } from '../../../shared/model/encoderSettings.ts';
import { cloudEntry, passthroughEntry, plainEntry } from './entry.fixture.ts';
import { exportToEncoders } from './encoderExports.ts';
import type { ExportedEntry } from './exportedEntry.ts';

function settingsFor(entry: ExportedEntry, id: string) {
  const settings = exportToEncoders(entry).find((encoder) => encoder.id === id);
  if (!settings) throw new Error(`no settings for ${id}`);
  return settings;
}
const commandsOf = (entry: ExportedEntry, id: string) =>
  settingsFor(entry, id).commands.map(({ label, text }) => [label, text.split(' \\\n  ').at(-1)]);
const fieldsOf = (entry: ExportedEntry, id: string) =>
  Object.fromEntries(settingsFor(entry, id).fields.map(({ label, value }) => [label, value]));

const server = 'rtmp://live.example.org:1935/live';
const secureServer = 'rtmps://live.example.org:1936/live';
const key = '0_abcdefgh_1?token=pa55w0rd';

describe('settings for encoders', () => {
  it('are what the API promises, each encoder once, each file name once per encoder', () => {
    const all = exportToEncoders(cloudEntry);
    for (const settings of all) expect(encoderSettingsSchema.parse(settings)).toEqual(settings);
    expect(all.map(({ id }) => id)).toEqual([
      'obs',
      'obsWhip',
      'fmle',
      'wirecast',
      'vmix',
      'ffmpeg',
      'gstreamer',
      'larix',
    ]);
  });

  it('say which part of a value is secret wherever one is', () => {
    for (const { fields, commands } of exportToEncoders(passthroughEntry))
      for (const { value, secret } of [...fields, ...commands.map(({ text, secret }) => ({ value: text, secret }))]) {
        const hidden = secret === null ? value : value.replaceAll(secret, '');
        expect(hidden).not.toMatch(/pa55w0rd|whipt0ken/);
      }
  });

  it('keep secrets out of what encoders show: their steps and server fields', () => {
    for (const { steps, notes } of exportToEncoders(cloudEntry))
      expect([...steps, ...notes].join()).not.toMatch(/pa55w0rd|whipt0ken/);
    expect(fieldsOf(cloudEntry, 'obs')['Server']).not.toContain('token');
  });
});

describe('settings for OBS', () => {
  it('are its service.json', () => {
    const [file] = settingsFor(cloudEntry, 'obs').files;
    expect(file).toMatchObject({ name: 'service.json', mediaType: 'application/json' });
    expect(JSON.parse(file?.text ?? '')).toEqual({
      type: 'rtmp_custom',
      settings: { server, key, use_auth: false, bwtest: false },
    });
  });

  it('offer the encrypted address, where the server has one, and say what it needs', () => {
    for (const id of ['obs', 'wirecast', 'vmix']) {
      const { fields, notes } = settingsFor(cloudEntry, id);
      expect(fields.map(({ value }) => value).join(' ')).toContain(secureServer);
      expect(notes.join(' ')).toContain('certificate');
      expect(JSON.stringify(settingsFor(plainEntry, id))).not.toMatch(/rtmps|certificate/);
    }
  });

  it('are its service.json for WHIP', () => {
    expect(JSON.parse(settingsFor(cloudEntry, 'obsWhip').files[0]?.text ?? '')).toEqual({
      type: 'whip_custom',
      settings: { service: 'WHIP', server: 'https://live.example.org/whip/0_abcdefgh', bearer_token: 'whipt0ken' },
    });
  });

  it('mark the backup in its key', () => {
    expect(fieldsOf(cloudEntry, 'obs')['Stream Key of a second OBS, as backup']).toBe(
      '0_abcdefgh_1?i=1&token=pa55w0rd',
    );
  });
});

describe('settings for Wirecast, vMix and Flash Media Live Encoder', () => {
  it('are the fields of their dialogs, to copy and as a file', () => {
    expect(fieldsOf(plainEntry, 'wirecast')).toMatchObject({
      Address: `${server}?token=pa55w0rd`,
      Stream: '0_abcdefgh_1',
      'Address that asks for user name and password': `${server}?auth=adobe`,
      'User name': '0_abcdefgh',
      Password: 'pa55w0rd',
    });
    expect(fieldsOf(plainEntry, 'vmix')).toMatchObject({ URL: server, 'Stream Name or Key': key });
    expect(fieldsOf(plainEntry, 'fmle')).toMatchObject({
      'FMS URL': `${server}?token=pa55w0rd`,
      'Backup URL': `${server}?i=1&token=pa55w0rd`,
      Stream: '0_abcdefgh_%i',
    });
    const [file] = settingsFor(plainEntry, 'vmix').files;
    expect(file?.name).toBe('vmix_0_abcdefgh.txt');
    expect(file?.text.split('\r\n')).toContain(`URL: ${server}`);
    expect(settingsFor(plainEntry, 'fmle').files[0]?.name).toBe('export_0_abcdefgh.xml');
  });
});

describe('command lines', () => {
  it('of ffmpeg publish over every protocol the server has', () => {
    const flv = `-f flv "${server}/${key}"`;
    expect(commandsOf(plainEntry, 'ffmpeg')).toEqual([
      ['A test picture, RTMP', flv],
      ['A file over and over, RTMP', flv],
    ]);
    expect(commandsOf(cloudEntry, 'ffmpeg').slice(2)).toEqual([
      ['A test picture, RTMPS', `-f flv "${secureServer}/${key}"`],
      [
        'A test picture, RTSP',
        '-f rtsp -rtsp_transport tcp "rtsp://0_abcdefgh:pa55w0rd@live.example.org:8554/live/0_abcdefgh_1"',
      ],
    ]);
  });

  it('of ffmpeg send all qualities where the server makes none', () => {
    const { text } = settingsFor(passthroughEntry, 'ffmpeg').commands.at(-1) ?? { text: '' };
    expect([...text.matchAll(/-s (\S+)/g)].map(([, size]) => size)).toEqual(['640x480', '480x360', '640x480']);
    expect([...text.matchAll(/-b:v (\S+)/g)].map(([, rate]) => rate)).toEqual(['900k', '400k', '600k']);
    expect([...text.matchAll(/live\/(\w+)\?/g)].map(([, name]) => name)).toEqual([
      '0_abcdefgh_1',
      '0_abcdefgh_2',
      '0_abcdefgh_3',
    ]);
  });

  it('of GStreamer publish with rtmp2sink and rtspclientsink', () => {
    const [rtmp, rtsp] = settingsFor(cloudEntry, 'gstreamer').commands;
    expect(rtmp?.text).toContain(`rtmp2sink location="${server}/${key}"`);
    expect(rtsp?.text).toContain('rtspclientsink name=sink protocols=tcp location="rtsp://0_abcdefgh:pa55w0rd@live');
    expect(settingsFor(plainEntry, 'gstreamer').commands).toHaveLength(1);
  });

  it('cannot be broken out of', () => {
    const ingest = { ...plainEntry.ingest, primaryUrl: 'rtmp://h/live?token=$(reboot)`reboot`"\'' };
    const [command] = settingsFor({ ...plainEntry, ingest }, 'ffmpeg').commands;
    expect(command?.text.split(' \\\n  ').at(-1)).toBe(
      String.raw`-f flv 'rtmp://h/live/0_abcdefgh_1?token=$(reboot)` + '`reboot`' + String.raw`"'\'''`,
    );
  });
});

describe('settings for phones', () => {
  it('are a link that Larix reads, as text and as a QR code', () => {
    const name = '<b>Morgen</b> & “Mittag” 🎥 '.repeat(20);
    const [code] = settingsFor({ ...cloudEntry, name }, 'larix').codes;
    const link = new URL(code?.text ?? '');
    expect(link.href.startsWith('larix://set/v1?')).toBe(true);
    expect(Object.fromEntries(link.searchParams)).toMatchObject({
      'conn[][url]': `${server}/${key}`,
      'conn[][name]': name.slice(0, 24),
      'conn[][overwrite]': 'on',
      'enc[vid][res]': '1280x720',
      'enc[vid][bitrate]': '2500',
    });
    expect(code?.svg).toMatch(/^<svg [^<]+<path fill="#fff" [^<]+\/><path d="[Mhvz\d -]+"\/><\/svg>$/);
  });
});
