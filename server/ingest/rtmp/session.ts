import type { Duplex } from 'node:stream';
import { isRefusal, refuse } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Place } from '../connectionCount.ts';
import { heldRefusal } from '../heldRefusal.ts';
import type { CredentialGate, Publication, PublishCredentials, PublishGate, PublishRefusal } from '../publishGate.ts';
import type { IngestProtocol } from '../source.ts';
import { splitAggregate } from './aggregate.ts';
import type { ConnectAnswer, ConnectAuthenticator } from './authentication/connectAuthenticator.ts';
import { encoderOrigin } from './authentication/encoderOrigin.ts';
import { type Command, readCommand, readValues } from './command.ts';
import { CommandChannel } from './commandChannel.ts';
import { RtmpConnection } from './connection.ts';
import type { RtmpLimits } from './limits.ts';
import { messageTypes, type RtmpMessage } from './message.ts';
import { ProtocolError } from './protocolError.ts';
import { RtmpSource } from './rtmpSource.ts';
import { parseApplication, parseStreamAddress, type Query, type StreamAddress } from './streamAddress.ts';

/** More than any encoder opens. */
const maxStreams = 8;

export interface RtmpSessionOptions {
  readonly protocol: IngestProtocol;
  readonly remoteAddress: string;
  readonly gate: PublishGate & CredentialGate;
  readonly authenticator: ConnectAuthenticator;
  readonly limits: RtmpLimits;
  readonly log: Logger;
  readonly now: () => number;
  /** While the encoder is refused and only has to hear it, its connection may be dropped for another one. */
  readonly place: Pick<Place, 'yields' | 'stays'>;
}

/** One encoder on one socket: connects, asks to publish, publishes, leaves. */
export class RtmpSession {
  readonly #options: RtmpSessionOptions;
  readonly #connection: RtmpConnection;
  readonly #channel: CommandChannel;
  /** Set while connected: the application's query. */
  #query: Query | undefined;
  #credentials: PublishCredentials | undefined;
  /** Which encoder this is, as far as it has shown at `connect`. */
  #origin = '';
  #streams = 0;
  /** The message stream that asked to publish, from the question to the end. */
  #publishStreamId: number | undefined;
  #publishing: { readonly publication: Publication; readonly source: RtmpSource } | undefined;
  #endReason: string | undefined;
  readonly #gone = new AbortController();

  constructor(socket: Duplex, options: RtmpSessionOptions) {
    this.#options = options;
    const { limits, log } = options;
    this.#connection = new RtmpConnection(socket, limits, log, {
      handshaken: () => this.#connection.expect(limits.publishSeconds, 'the encoder did not publish in time'),
      message: (message) => this.#take(message),
      closed: (reason) => this.#end(reason),
    });
    this.#channel = new CommandChannel(this.#connection);
  }

  /** Settles when the socket is gone. */
  get ended(): Promise<void> {
    return this.#connection.ended;
  }

  /** Tells the encoder why, where it listens, and closes. Idempotent; never rejects. */
  close(reason: string): Promise<void> {
    this.#deny('NetStream.Publish.Denied', reason);
    return this.ended;
  }

  #take(message: RtmpMessage): void {
    switch (message.type) {
      case messageTypes.amf0Command:
      case messageTypes.amf3Command:
        this.#obey(readCommand(message));
        break;
      case messageTypes.amf0Metadata:
      case messageTypes.amf3Metadata:
        this.#publishing?.source.takeMetadata(readValues(message), message.timestamp);
        break;
      case messageTypes.audio:
        this.#takeMedia('audio', message);
        break;
      case messageTypes.video:
        this.#takeMedia('video', message);
        break;
      case messageTypes.aggregate:
        for (const inner of splitAggregate(message)) if (inner.type !== messageTypes.aggregate) this.#take(inner);
        break;
      default: // shared objects and what else a Flash server knows
    }
  }

  #takeMedia(kind: 'audio' | 'video', { timestamp, payload }: RtmpMessage): void {
    if (!this.#publishing) return;
    this.#connection.refresh();
    this.#publishing.source.takeMedia(kind, timestamp, payload);
  }

  #obey(command: Command): void {
    if (command.name === 'connect') {
      this.#connect(command);
      return;
    }
    if (!this.#query) throw new ProtocolError('a command came before connect');
    switch (command.name) {
      case 'createStream':
        this.#createStream(command);
        break;
      case 'publish':
        this.#publish(command, this.#query);
        break;
      case 'releaseStream':
      case 'FCPublish':
      case '_checkbw':
        this.#channel.result(command.transactionId);
        break;
      case 'getStreamLength':
        this.#channel.result(command.transactionId, 0);
        break;
      case 'FCUnpublish':
      case 'closeStream':
      case 'deleteStream':
        this.#unpublish(command);
        break;
      case 'play':
      case 'play2':
        this.#refusePlay(command);
        break;
      case '_result':
      case '_error':
        break;
      default:
        if (command.transactionId > 0) this.#channel.unknown(command);
    }
  }

  #connect({ transactionId, properties }: Command): void {
    if (this.#query) throw new ProtocolError('connect came twice');
    const { app, flashVer, tcUrl } = properties;
    const application = typeof app === 'string' ? parseApplication(app) : undefined;
    if (!application) {
      const description = 'There is no such application; publish to rtmp://<host>/live.';
      this.#reject(transactionId, description, 'the encoder asked for another application');
      return;
    }
    const accept = (): void => {
      this.#query = application.query;
      this.#channel.connected(transactionId, properties['objectEncoding'] === 3 ? 3 : 0);
    };
    const { authenticator, protocol, remoteAddress } = this.#options;
    this.#origin = encoderOrigin({ remoteAddress, protocol, flashVer: textOf(flashVer), tcUrl: textOf(tcUrl) });
    const answer = authenticator.answer(application, this.#origin);
    if (answer.kind === 'accept') accept();
    else if (answer.kind === 'reject')
      this.#reject(transactionId, answer.description, 'the encoder was asked who it is');
    else {
      this.#connection.hold();
      void this.#check(answer, transactionId, accept).finally(() => this.#connection.release());
    }
  }

  async #check(
    { credentials, otherwise }: Extract<ConnectAnswer, { kind: 'check' }>,
    transactionId: number,
    accept: () => void,
  ): Promise<void> {
    const { gate, protocol, remoteAddress } = this.#options;
    const refusal = await this.#askGate(() => gate.authenticate({ protocol, remoteAddress, credentials }));
    if (this.#endReason !== undefined) return;
    if (!refusal) {
      this.#credentials = credentials;
      accept();
      return;
    }
    const { refused, message } = refusal;
    this.#options.log.info({ username: credentials.username, code: refused }, 'authentication was refused');
    await this.#hold(refusal);
    if (this.#endReason !== undefined) return;
    // Encoders have their own words for a wrong password.
    const description = refused === 'invalidStreamToken' ? otherwise : message;
    this.#reject(transactionId, description, 'authentication was refused');
  }

  #reject(transactionId: number, description: string, reason: string): void {
    this.#channel.connectRejected(transactionId, description);
    this.#connection.finish(reason);
  }

  #createStream({ transactionId }: Command): void {
    if (this.#streams >= maxStreams) throw new ProtocolError('too many message streams');
    this.#streams += 1;
    this.#channel.result(transactionId, this.#streams);
  }

  #publish({ parameters: [name], streamId }: Command, query: Query): void {
    if (this.#publishStreamId !== undefined) {
      this.#channel.status(streamId, 'error', 'NetStream.Publish.BadName', 'This connection is publishing already.');
      return;
    }
    this.#publishStreamId = streamId;
    const address = typeof name === 'string' ? parseStreamAddress(name, query) : undefined;
    if (!address) {
      this.#deny('NetStream.Publish.BadName', 'The stream name is missing or too long.');
      return;
    }
    this.#connection.hold();
    void this.#ask(address, streamId).finally(() => this.#connection.release());
  }

  async #ask(address: StreamAddress, streamId: number): Promise<void> {
    const { gate, protocol, remoteAddress, authenticator, log } = this.#options;
    const credentials = this.#credentials;
    const disconnect = (reason: string): void => this.#deny('NetStream.Publish.Denied', reason);
    const answer = await this.#askGate(() =>
      gate.publish({ ...address, ...(credentials && { credentials }), protocol, remoteAddress, disconnect }),
    );
    if (!credentials) {
      const key = address.token === undefined ? 'none' : isRefusal(answer) ? 'wrong' : 'right';
      authenticator.published(this.#origin, { publishName: address.streamName, key });
    }
    if (this.#endReason !== undefined) {
      if (!isRefusal(answer)) answer.end(this.#endReason);
    } else if (isRefusal(answer)) {
      log.info({ streamName: address.streamName.slice(0, 64), code: answer.refused }, 'publishing was refused');
      await this.#hold(answer);
      this.#deny('NetStream.Publish.BadName', answer.message);
    } else this.#begin(answer, address, streamId);
  }

  async #askGate<Answer>(question: () => Promise<Answer>): Promise<Answer | PublishRefusal> {
    try {
      return await question();
    } catch (error) {
      this.#options.log.error({ err: error }, 'the publisher could not be checked');
      return refuse('internal');
    }
  }

  /** Until the refusal's turn. */
  async #hold(refusal: PublishRefusal): Promise<void> {
    if (!refusal.heldMs) return;
    const { limits, place } = this.#options;
    place.yields();
    this.#connection.expect(refusal.heldMs / 1000 + limits.lingerSeconds, 'the encoder was refused');
    this.#connection.ignoreInput();
    await heldRefusal(refusal, this.#gone.signal);
  }

  #begin(publication: Publication, { streamName }: StreamAddress, streamId: number): void {
    const { protocol, remoteAddress, limits, log, now } = this.#options;
    const source = new RtmpSource({
      protocol,
      remoteAddress,
      limits,
      now,
      ready: (source) => publication.start(source),
      refused: ({ message }) => {
        this.#deny('NetStream.Publish.Rejected', message, () => this.#stopPublishing(message, 'refused'));
      },
      disconnect: (reason) => this.close(reason),
    });
    this.#publishing = { publication, source };
    log.info({ entryId: publication.entryId, streamName }, 'publishing began');
    this.#connection.allowMedia(true);
    this.#connection.expect(limits.idleSeconds, 'the encoder fell silent');
    this.#connection.beginStream(streamId);
    this.#channel.status(streamId, 'status', 'NetStream.Publish.Start', 'Publishing.');
  }

  #unpublish({ name, transactionId, parameters: [target] }: Command): void {
    const streamId = this.#publishStreamId;
    const isOther = name === 'deleteStream' && typeof target === 'number' && target !== streamId;
    if (streamId === undefined || isOther) return;
    if (name === 'FCUnpublish') this.#channel.result(transactionId);
    this.#channel.status(streamId, 'status', 'NetStream.Unpublish.Success', 'The broadcast was ended.');
    this.#stopPublishing('the encoder stopped');
    this.#connection.allowMedia(false);
    this.#connection.expect(this.#options.limits.publishSeconds, 'the encoder did not publish again');
  }

  #refusePlay({ streamId }: Command): void {
    const description = 'This server takes streams in over RTMP; watch over HLS or DASH.';
    this.#channel.status(streamId, 'error', 'NetStream.Play.Failed', description);
    this.#connection.finish('the client wanted to play');
  }

  /** The encoder shows the description; nothing follows it. `told`: once it is on its way. */
  #deny(code: string, description: string, told?: () => void): void {
    if (this.#endReason !== undefined) return;
    if (this.#query) this.#channel.status(this.#publishStreamId ?? 0, 'error', code, description);
    told?.();
    this.#connection.finish(description);
  }

  #end(reason: string): void {
    this.#endReason = reason;
    this.#gone.abort();
    this.#stopPublishing(reason);
  }

  #stopPublishing(reason: string, how?: 'refused'): void {
    this.#publishStreamId = undefined;
    const publishing = this.#publishing;
    if (!publishing) return;
    this.#publishing = undefined;
    publishing.source.end();
    this.#options.log.info({ entryId: publishing.publication.entryId, reason }, 'publishing ended');
    publishing.publication.end(reason, how);
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
