import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settings } from '../server/config/schema.ts';

const root = join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const dockerfile = read('Dockerfile');
const compose = read('docker-compose.yml');
const caddyfile = read('Caddyfile');
const ignore = read('.dockerignore');
const npmScripts = Object.keys(JSON.parse(read('package.json')).scripts);

const found = (text: string, pattern: RegExp) => Array.from(text.matchAll(pattern), ([, match = '']) => match);
const defaultPort = (name: 'HTTP_PORT' | 'RTMP_PORT' | 'RTMPS_PORT' | 'RTSP_PORT' | 'WEBRTC_PORT') =>
  String(settings[name].schema.parse(undefined));
const http = defaultPort('HTTP_PORT');
const rtmp = defaultPort('RTMP_PORT');
const rtmps = defaultPort('RTMPS_PORT');
const rtsp = defaultPort('RTSP_PORT');
const webrtc = defaultPort('WEBRTC_PORT');

describe('the Dockerfile', () => {
  it('opens exactly the default ports', () => {
    const ports = dockerfile.match(/^EXPOSE (.+)$/m)?.[1]?.split(' ');
    expect(ports).toEqual([
      `${http}/tcp`,
      `${rtmp}/tcp`,
      `${rtmps}/tcp`,
      `${rtsp}/tcp`,
      `${webrtc}/udp`,
      `${webrtc}/tcp`,
    ]);
    expect(dockerfile).toContain(`process.env.HTTP_PORT || ${http}}/healthz`);
  });

  it('sets and reads only settings that exist', () => {
    const names = [...found(dockerfile, /^ENV (\w+)=/gm), ...found(dockerfile, /process\.env\.(\w+)/g)];
    expect(names.length).toBeGreaterThan(1);
    expect(names.filter((name) => !Object.hasOwn(settings, name))).toEqual([]);
  });

  it('keeps its data in the volume it declares', () => {
    const folder = dockerfile.match(/^ENV DATA_DIR=(.+)$/m)?.[1];
    expect(dockerfile).toContain(`VOLUME ${folder}\n`);
    expect(compose).toContain(`- tallylight:${folder}\n`);
  });

  it('runs scripts and files that exist, and copies what they need', () => {
    expect(found(dockerfile, /npm run ([\w:-]+)/g).filter((name) => !npmScripts.includes(name))).toEqual([]);
    const [main = ''] = found(dockerfile, /^CMD \["node", "(.+)"\]$/gm);
    expect(existsSync(join(root, main))).toBe(true);
    const copied = found(dockerfile, /^COPY --from=build \/app\/(\S+) /gm);
    expect(copied).toEqual(expect.arrayContaining(['server', 'shared', 'package.json', 'node_modules', 'dist']));
    // The last two are made in the build stage.
    const sources = copied.filter((name) => !['node_modules', 'dist'].includes(name));
    expect(sources.filter((name) => !existsSync(join(root, name)) || !ignore.includes(`!${name}\n`))).toEqual([]);
  });

  it('gives the build what its set-up reads, and no secrets or data', () => {
    const allowed = found(ignore, /^!(.+)$/gm);
    expect(ignore).toMatch(/^\*$/m);
    expect(allowed.filter((name) => !existsSync(join(root, name)))).toEqual([]);
    expect(allowed).toEqual(expect.arrayContaining(['scripts', 'client', 'vite.config.ts', 'package-lock.json']));
    expect(allowed.filter((name) => /^\.env|^data/.test(name))).toEqual([]);
  });

  it('is checked by an address that the server has', () => {
    const [path = ''] = found(dockerfile, /}(\/\w+)`\)/g);
    expect(path).toBe('/healthz');
    expect(read('server/api/api.ts') + read('server/app.ts')).toContain(`'${path}'`);
  });

  it('does not run the server as root', () => {
    expect(dockerfile.indexOf('USER node')).toBeGreaterThan(dockerfile.lastIndexOf('COPY'));
  });
});

describe('docker-compose.yml', () => {
  it('passes on only settings that exist', () => {
    const service = compose.slice(compose.indexOf('  tallylight:'), compose.indexOf('  caddy:'));
    const names = [...found(service, /^ {6}([A-Z_]+):/gm), ...found(compose, /\$\{(\w+)/g)];
    expect(names.length).toBeGreaterThan(6);
    expect(names.filter((name) => !Object.hasOwn(settings, name))).toEqual([]);
  });

  it('opens the media ports under the numbers that the server announces, and HTTP only behind Caddy', () => {
    const ports = found(compose, /^ +- '(\d+:\d+\/\w+)'$/gm);
    expect(ports).toEqual([
      `${rtmp}:${rtmp}/tcp`,
      `${rtmps}:${rtmps}/tcp`,
      `${rtsp}:${rtsp}/tcp`,
      `${webrtc}:${webrtc}/udp`,
      `${webrtc}:${webrtc}/tcp`,
      '80:80/tcp',
      '443:443/tcp',
      '443:443/udp',
    ]);
  });

  it('mounts files that exist, and declares the volumes it uses', () => {
    const mounts = found(compose, /^ +- (\S+:\/\S+)$/gm).map((mount) => mount.split(':')[0] ?? '');
    expect(mounts.length).toBeGreaterThan(2);
    const declared = found(compose.slice(compose.indexOf('\nvolumes:')), /^ {2}([\w-]+):$/gm);
    for (const mount of mounts) {
      if (mount.startsWith('./')) expect(existsSync(join(root, mount))).toBe(true);
      else expect(declared).toContain(mount);
    }
  });
});

describe('the Caddyfile', () => {
  it('passes on to the service and port that there are', () => {
    const [, service = '', port] = /reverse_proxy (\w+):(\d+)/.exec(caddyfile) ?? [];
    expect(compose).toContain(`\n  ${service}:\n`);
    expect(port).toBe(http);
  });

  it('uses only settings that compose gives it', () => {
    const caddy = compose.slice(compose.indexOf('  caddy:'));
    for (const name of found(caddyfile, /\{\$(\w+)/g)) expect(caddy).toContain(`${name}:`);
  });
});
