import type { AmfValue } from './amf/amfValue.ts';
import { type Command, statusObject, writeCommand } from './command.ts';
import type { RtmpConnection } from './connection.ts';
import { messageTypes } from './message.ts';

const commandChunkStream = 3;
const statusChunkStream = 5;

/** What encoders know how to read; some look at the major version. */
const serverVersion = 'FMS/3,5,7,7009';

/** Our answers, in the forms encoders expect. */
export class CommandChannel {
  readonly #connection: RtmpConnection;

  constructor(connection: RtmpConnection) {
    this.#connection = connection;
  }

  connected(transactionId: number, objectEncoding: 0 | 3): void {
    this.#connection.announce();
    const information = {
      ...statusObject('status', 'NetConnection.Connect.Success', 'Connection succeeded.'),
      objectEncoding,
    };
    this.#command('_result', transactionId, { fmsVer: serverVersion, capabilities: 31 }, information);
  }

  connectRejected(transactionId: number, description: string): void {
    const information = statusObject('error', 'NetConnection.Connect.Rejected', description);
    this.#command('_error', transactionId, null, information);
  }

  result(transactionId: number, value?: AmfValue): void {
    this.#command('_result', transactionId, null, value);
  }

  unknown({ name, transactionId }: Command): void {
    const description = `The method ${name.slice(0, 64)} is not known.`;
    this.#command('_error', transactionId, null, statusObject('error', 'NetConnection.Call.Failed', description));
  }

  status(streamId: number, level: 'status' | 'error', code: string, description: string): void {
    const payload = writeCommand('onStatus', 0, null, statusObject(level, code, description));
    this.#connection.send({ type: messageTypes.amf0Command, streamId, payload }, statusChunkStream);
  }

  #command(name: string, transactionId: number, ...values: AmfValue[]): void {
    const payload = writeCommand(name, transactionId, ...values);
    this.#connection.send({ type: messageTypes.amf0Command, streamId: 0, payload }, commandChunkStream);
  }
}
