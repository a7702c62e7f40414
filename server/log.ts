import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino';

export type { Logger };

/** Fields that may carry a secret and must never reach a log. */
const secrets = ['token', 'password', 'authorization', 'cookie', 'whipToken'];

/** JSON lines on standard output (or in `destination`), or readable ones on a terminal. Children carry `entryId` and `broadcastId`. */
export function createLog(level: string, pretty: boolean, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: undefined,
    // An error goes by the name of `err`; under the other one it would be written as {}.
    serializers: { err: stdSerializers.err, error: stdSerializers.err },
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
  };
  if (destination) return pino(options, destination);
  const transport = { target: 'pino-pretty', options: { translateTime: 'SYS:HH:MM:ss', ignore: 'pid' } };
  return pino(pretty ? { ...options, transport } : options);
}
