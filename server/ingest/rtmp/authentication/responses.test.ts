import { describe, expect, it } from 'vitest';
import { adobeResponse } from './adobeResponse.ts';
import { llnwResponse } from './llnwResponse.ts';

/** Recorded from ffmpeg 5.1 and librtmp 2.4. */
describe('what clients with the password answer', () => {
  it.each([
    ['c2FsdHk=', 'b3BhcXVl', '08287286', 'dHqY7GPnrlVR1IGlcu3Mew=='],
    ['c2FsdHk=', 'Y2hhbGw=', 'c6202c7a', '05A+BC0206+W3j0ErToyuA=='],
    ['c2FsdHk=', 'b3BhcXVl', 'rOH4Qw==', '1sLr0CB0fICzUGR9INgS7w=='],
    ['abcdefghijklmnopqrstuvwx', '00112233445566778899aabb', 'rOH4Qw==', 'bzMfSI9auSce9xcZsrUOeg=='],
  ])('to Adobe’s challenge with salt %s, opaque %s and challenge %s is %s', (salt, opaque, challenge, response) => {
    expect(adobeResponse({ username: 'pub', salt, opaque, challenge }, 's3cret')).toBe(response);
    expect(adobeResponse({ username: 'pub', salt, opaque, challenge }, 's3creT')).not.toBe(response);
  });

  it('to Limelight’s nonce is a digest', () => {
    const exchange = { username: 'pub', nonce: 'bm9uY2U', clientNonce: 'bd8d3699', count: '00000001' };
    expect(llnwResponse({ ...exchange, application: 'kLive' }, 's3cret')).toBe('abbaf1a66e27f865f695d10a8409c465');
    expect(llnwResponse({ ...exchange, application: 'live/x' }, 's3cret')).not.toBe(
      llnwResponse({ ...exchange, application: 'live/x/_definst_' }, 's3cret'),
    );
  });
});
