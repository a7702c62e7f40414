import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EncoderSettings } from '../../shared/model/encoderSettings.ts';
import type { IngestEvent, IngestSource } from '../../shared/model/ingestSource.ts';
import { send, signIn, startApi, type ApiUnderTest } from './api.fixture.ts';

let api: ApiUnderTest;
let token: string;
const call = (path: string, method = 'GET') => send(api.url, method, `/api/v1${path}`, { token });
const anonymous = (path: string) => send(api.url, 'GET', `/api/v1${path}`);

beforeAll(async () => {
  api = await startApi();
  token = await signIn(api.url);
});
afterAll(() => api.close());

const create = async (profileId?: string) =>
  await api.entries.create({ type: 'live', name: 'Q&A <live>', ...(profileId && { profileId }) });
const createManual = async () => (await api.entries.create({ type: 'manual', name: 'Elsewhere', urls: {} })).id;

describe('the profile for Flash Media Live Encoder', () => {
  it('is a file to download, with what the entry and its profile say', async () => {
    const { id, ingest } = await create();
    const answer = await call(`/entries/${id}/fmle.xml`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/xml; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename=export_${id}.xml`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.text).toContain('<description>Q&amp;A &lt;live&gt;</description>');
    expect(answer.text).toContain(`<url>rtmp://203.0.113.5:1935/live?token=${ingest.password}</url>`);
    expect(answer.text).toContain('<datarate>900;</datarate>');
    expect(answer.text).toContain(`<stream>${id}_%i</stream>`);
  });

  it('follows the entry’s profile, also one made here', async () => {
    const flavor = { name: 'Small', width: 320, height: 0, videoBitrateKbps: 200, h264Profile: 'main' as const };
    const profile = { description: '', isDefault: false, keepsSource: true, audioBitrateKbps: 96 };
    const own = await api.profiles.create({ ...profile, name: 'With renditions', flavors: [flavor] });
    const bare = await api.profiles.create({ ...profile, name: 'Without', flavors: [] });
    for (const [
      profileId,
      rates,
    ] of [['passthrough', '900;400;600;'], [own.id, '900;'], [bare.id, '900;400;600;']] as const /* prettier-ignore */) {
      const { id } = await create(profileId);
      expect((await call(`/entries/${id}/fmle.xml`)).text).toContain(`<datarate>${rates}</datarate>`);
    }
  });

  it('names one stream where that is asked for, and says so where there is none', async () => {
    const { id } = await create('passthrough');
    expect((await call(`/entries/${id}/fmle.xml?stream=1`)).text).toContain(`<stream>${id}_1</stream>`);
    expect((await call(`/entries/${id}/fmle.xml?stream=3&audio=aac`)).text).toContain('<format>AAC</format>');
    for (const stream of ['0', '4', 'x'])
      expect((await call(`/entries/${id}/fmle.xml?stream=${stream}`)).status).toBe(400);
    expect((await call(`/entries/${(await create()).id}/fmle.xml?stream=2`)).json.error.message).toMatch('one stream');
  });
});

describe('settings for encoders', () => {
  it('are listed with the entry’s credentials', async () => {
    const { id, ingest } = await create();
    const answer = await call(`/entries/${id}/encoder-settings`);
    expect(answer.status).toBe(200);
    const items = answer.json.items as EncoderSettings[];
    expect(answer.json.total).toBe(items.length);
    expect(items.map((item) => item.id)).toContain('obs');
    expect(answer.text).toContain(ingest.password);
    expect(answer.text).toContain(ingest.whipToken);
  });
});

describe('an entry’s ingest', () => {
  it('is who publishes and what happened', async () => {
    const { id } = await create();
    expect((await call(`/entries/${id}/ingest`)).json).toEqual({ sources: [], events: [] });
    const source: IngestSource = {
      index: 1,
      role: 'backup',
      state: 'waiting',
      remoteAddress: '192.0.2.7',
      connectedAt: '2026-01-01T00:00:00.000Z',
      protocol: 'rtmp',
      health: null,
    };
    const event: IngestEvent = { at: '2026-01-01T00:00:00.000Z', kind: 'refused', message: 'Wrong key.' };
    api.live.sourceList = [source];
    api.live.eventList = [event];
    expect((await call(`/entries/${id}/ingest`)).json).toEqual({ sources: [source], events: [event] });
    api.live.sourceList = [];
    api.live.eventList = [];
  });
});

describe.each(['fmle.xml', 'encoder-settings', 'ingest'])('/entries/:id/%s', (part) => {
  it('is for those who may publish, of live entries that exist', async () => {
    const { id, ingest } = await create();
    const unknown = await anonymous(`/entries/${id}/${part}`);
    expect([unknown.status, unknown.json.error.code]).toEqual([401, 'unauthenticated']);
    expect(unknown.text).not.toContain(ingest.password);
    expect((await call(`/entries/0_zzzzzzzz/${part}`)).json.error.code).toBe('entryNotFound');
    expect((await call(`/entries/nonsense/${part}`)).json.error.code).toBe('validationFailed');
    expect((await call(`/entries/${await createManual()}/${part}`)).json.error.code).toBe('badRequest');
    const post = await call(`/entries/${id}/${part}`, 'POST');
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});
