import { pino, type Logger } from 'pino';

export type { Logger };

/** Fields that may carry a secret and must never reach a log. */
const secrets = ['token', 'password', 'authorization', 'cookie', 'whipToken'];

/** JSON lines on standard output, or readable ones on a terminal. Children carry `entryId` and `broadcastId`. */
export function createLog(level: string, pretty: boolean): Logger {
  return pino({
    level,
    base: undefined,
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
    ...(pretty
      ? { transport: { target: 'pino-pretty', options: { translateTime: 'SYS:HH:MM:ss', ignore: 'pid' } } }
      : {}),
  });
}
