import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';

/** A request as it is, for fetch tidies paths and adds headers. */
export async function ask(
  url: string,
  options: { method?: string; headers?: Record<string, string>; path?: string } = {},
): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }> {
  const { method = 'GET', headers, path } = options;
  const request = httpRequest(url, { method, headers, ...(path === undefined ? {} : { path }) });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
}

/** The error table's code in an answer. */
export function codeOf(body: Buffer): string {
  return (JSON.parse(body.toString()) as { error: { code: string } }).error.code;
}
