/** How a track is to come: on the RTSP connection, or over UDP to ports of ours. RTCP has the second number. */
export type TrackTransport =
  | { readonly kind: 'tcp'; readonly channels?: readonly [rtp: number, rtcp: number] }
  | { readonly kind: 'udp'; readonly clientPorts: readonly [rtp: number, rtcp: number] };

/** The first transport of the client's list (RFC 2326 12.39) that we can take; undefined when there is none. */
export function chooseTransport(header: string): TrackTransport | undefined {
  for (const offered of header.split(',').slice(0, 16)) {
    const [protocol = '', ...parameters] = offered.split(';').map((part) => part.trim());
    const values = new Map(parameters.map((parameter) => readParameter(parameter)));
    const mode = values.get('mode')?.replaceAll('"', '').toUpperCase() ?? 'RECORD';
    if (values.has('multicast') || !['RECORD', 'RECEIVE'].includes(mode)) continue;
    if (protocol.toUpperCase() === 'RTP/AVP/TCP') {
      if (!values.has('interleaved')) return { kind: 'tcp' };
      const channels = readPair(values.get('interleaved'), 0, 255);
      if (channels) return { kind: 'tcp', channels };
    } else if (/^RTP\/AVP(\/UDP)?$/i.test(protocol)) {
      const clientPorts = readPair(values.get('client_port'), 1, 65_535);
      if (clientPorts) return { kind: 'udp', clientPorts };
    }
  }
  return undefined;
}

function readParameter(parameter: string): [name: string, value: string] {
  const equals = parameter.indexOf('=');
  return equals === -1
    ? [parameter.toLowerCase(), '']
    : [parameter.slice(0, equals).toLowerCase(), parameter.slice(equals + 1)];
}

/** `a-b`, or `a`, which is followed by the next one. */
function readPair(value: string | undefined, least: number, most: number): [number, number] | undefined {
  const [, first, second] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(value ?? '') ?? [];
  if (first === undefined) return undefined;
  const pair: [number, number] = [Number(first), second === undefined ? Number(first) + 1 : Number(second)];
  return pair.every((number) => number >= least && number <= most) && pair[0] !== pair[1] ? pair : undefined;
}
