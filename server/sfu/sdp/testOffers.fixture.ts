import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { LocalTransport } from './answer.ts';

/** Chromium's is a recording; the others are written after what these clients send. */
export const offerNames = ['chromium', 'firefox', 'obs', 'obsSimulcast', 'ffmpeg'] as const;

export function testOffer(name: (typeof offerNames)[number]): string {
  return readFileSync(join(import.meta.dirname, 'testOffers', `${name}.sdp`), 'utf8');
}

export const localTransport: LocalTransport = {
  ice: { usernameFragment: 'serverufrag', password: 'serverpasswordserverpassword', iceLite: true },
  candidates: [
    {
      foundation: 'udpcandidate',
      priority: 1_076_558_079,
      ip: '203.0.113.5',
      address: '203.0.113.5',
      protocol: 'udp',
      port: 44_400,
      type: 'host',
    },
    {
      foundation: 'tcpcandidate',
      priority: 1_076_276_479,
      ip: '203.0.113.5',
      address: '203.0.113.5',
      protocol: 'tcp',
      port: 44_400,
      type: 'host',
      tcpType: 'passive',
    },
  ],
  fingerprints: [{ algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') }],
};

const junk = fc.constantFrom(
  '',
  'a=',
  'm=video 9 X 1',
  'm=',
  'a=ssrc:0 cname:',
  'a=fmtp:96 __proto__=1',
  'a=mid:',
  '\0',
  'a=simulcast:send ~;,;',
);
const edit = fc.record({
  line: fc.nat(400),
  action: fc.constantFrom('delete', 'duplicate', 'replace', 'truncate', 'digits', 'swap'),
  junk,
  at: fc.nat(80),
});
/** Real offers with up to eight lines damaged. */
export const mutatedOffers = fc
  .tuple(fc.constantFrom(...offerNames), fc.array(edit, { minLength: 1, maxLength: 8 }))
  .map(([name, edits]) => {
    const lines = testOffer(name).split('\r\n');
    for (const { line, action, junk, at } of edits) {
      const index = line % lines.length;
      const text = lines[index] ?? '';
      if (action === 'delete') lines.splice(index, 1);
      if (action === 'duplicate') lines.splice(index, 0, text);
      if (action === 'replace') lines[index] = junk;
      if (action === 'truncate') lines[index] = text.slice(0, at);
      if (action === 'digits') lines[index] = text.replaceAll(/\d+/g, String(at ** 6));
      if (action === 'swap') lines.push(...lines.splice(index, 1));
    }
    return lines.join('\r\n');
  });
