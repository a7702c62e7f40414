/** The peer does not speak RTMP, or asks for more than it may: the connection ends. */
export class ProtocolError extends Error {}
