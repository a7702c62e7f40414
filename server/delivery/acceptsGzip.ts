/** Whether an Accept-Encoding allows gzip (RFC 9110 12.5.3). */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  let any = false;
  for (const part of acceptEncoding?.split(',') ?? []) {
    const [coding = '', ...parameters] = part.split(';');
    const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/i.exec(parameter)?.[1]).find(Boolean);
    const allowed = quality === undefined || Number(quality) > 0;
    const name = coding.trim().toLowerCase();
    if (name === 'gzip' || name === 'x-gzip') return allowed;
    if (name === '*') any = allowed;
  }
  return any;
}
