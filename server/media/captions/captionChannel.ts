/** Caption channels of line 21, each with a text track of its own. */
export const line21Channels = ['CC1', 'CC2', 'CC3', 'CC4'] as const;
export type Line21ChannelName = (typeof line21Channels)[number];
export type ServiceName = `SERVICE${number}`;
/** What captions inside the picture are called (RFC 8216 4.3.4.1, INSTREAM-ID). */
export type CaptionChannel = Line21ChannelName | ServiceName;

export function isService(channel: CaptionChannel): channel is ServiceName {
  return channel.startsWith('SERVICE');
}

/** 1 to 63. */
export function serviceNumber(service: ServiceName): number {
  return Number(service.slice('SERVICE'.length));
}
