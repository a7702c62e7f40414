import { readAmf0 } from './amf/amf0Reader.ts';
import { writeAmf0 } from './amf/amf0Writer.ts';
import { type AmfObject, type AmfValue, isAmfObject, newAmfObject } from './amf/amfValue.ts';
import { messageTypes, type RtmpMessage } from './message.ts';
import { ProtocolError } from './protocolError.ts';

/** RTMP 7.1.1 */
export interface Command {
  readonly name: string;
  readonly transactionId: number;
  /** The command object; empty where the peer sent none. */
  readonly properties: AmfObject;
  readonly parameters: readonly AmfValue[];
  readonly streamId: number;
}

/** AMF0 values of a command or data message, whichever AMF it is marked as. */
export function readValues({ type, payload }: RtmpMessage): AmfValue[] {
  const isAmf3 = type === messageTypes.amf3Command || type === messageTypes.amf3Metadata;
  // AMF3 messages begin with a zero byte, then AMF0 with AMF3 values inside.
  return readAmf0(isAmf3 && payload[0] === 0 ? payload.subarray(1) : payload);
}

export function readCommand(message: RtmpMessage): Command {
  const [name, transactionId, properties, ...parameters] = readValues(message);
  if (typeof name !== 'string') throw new ProtocolError('a command has no name');
  return {
    name,
    transactionId: typeof transactionId === 'number' ? transactionId : 0,
    properties: isAmfObject(properties) ? properties : newAmfObject(),
    parameters,
    streamId: message.streamId,
  };
}

/** A command of ours; chunk stream and message stream are chosen by the sender. */
export function writeCommand(name: string, transactionId: number, ...values: AmfValue[]): Buffer {
  return writeAmf0(name, transactionId, ...values);
}

/** The information object of `_result`, `_error` and `onStatus` (RTMP 7.2). */
export function statusObject(level: 'status' | 'error', code: string, description: string): AmfObject {
  return { level, code, description };
}
