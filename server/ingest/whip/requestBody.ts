import type { IncomingMessage } from 'node:http';
import { refuse, type Refusal } from '../../errors.ts';

/** The whole body as text, or why it was not read. A refused body is not read to its end. */
export function readBody(
  request: IncomingMessage,
  { maximumBytes, timeoutMs }: { readonly maximumBytes: number; readonly timeoutMs: number },
): Promise<string | Refusal> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = (result: string | Refusal) => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      request.pause();
      resolve(result);
    };
    const timer = setTimeout(() => finish(refuse('badRequest', 'The body did not arrive in time.')), timeoutMs);
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maximumBytes) finish(refuse('payloadTooLarge'));
      else chunks.push(chunk);
    };
    const onEnd = () => finish(Buffer.concat(chunks).toString('utf8'));
    const onClose = () => finish(refuse('badRequest', 'The body is incomplete.'));
    if (Number(request.headers['content-length'] ?? 0) > maximumBytes) return finish(refuse('payloadTooLarge'));
    request.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}
