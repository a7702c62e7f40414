/** Every error a client can see: its code, HTTP status and sentence. The sentence says what to do next. */
export const errorTable = {
  badRequest: { status: 400, message: 'The request is not valid.' },
  validationFailed: { status: 400, message: 'Some fields are not valid; see the details.' },
  invalidTimeRange: {
    status: 400,
    message: 'start and end are ISO 8601 times or milliseconds since 1970, and start comes before end.',
  },
  malformedJson: { status: 400, message: 'The body is not valid JSON.' },
  malformedSdp: { status: 400, message: 'The body is not a valid SDP offer.' },
  unauthenticated: { status: 401, message: 'Sign in first.' },
  wrongCredentials: { status: 401, message: 'The e-mail address or the password is not right.' },
  invalidStreamToken: { status: 401, message: 'The stream key is not right; copy it again from the entry’s page.' },
  streamKeyExpired: { status: 401, message: 'This stream key has expired; make a new one on the entry’s page.' },
  forbidden: { status: 403, message: 'Your account may not do this.' },
  notFound: { status: 404, message: 'There is nothing at this address.' },
  entryNotFound: { status: 404, message: 'There is no entry with this id.' },
  profileNotFound: { status: 404, message: 'There is no transcoding profile with this id.' },
  sessionNotFound: { status: 404, message: 'This session does not exist or has ended; open a new one.' },
  trackNotFound: { status: 404, message: 'This broadcast has no such rendition.' },
  segmentNotFound: { status: 404, message: 'This part of the broadcast is not available (any more).' },
  emptyTimeRange: { status: 404, message: 'Nothing was broadcast between these times.' },
  notLive: { status: 404, message: 'There is nothing to play yet: the broadcast has not started.' },
  noPicture: { status: 404, message: 'There is no picture: nothing has been broadcast, or only sound.' },
  methodNotAllowed: { status: 405, message: 'This address does not answer this method.' },
  notAcceptable: { status: 406, message: 'None of the offered codecs can be accepted.' },
  alreadyBroadcasting: {
    status: 409,
    message: 'This entry is already being broadcast by another encoder; stop that one, or use the backup address.',
  },
  entryBroadcasting: {
    status: 409,
    message: 'This cannot be changed while the entry is broadcasting; end the broadcast first.',
  },
  clipRangeEmpty: { status: 400, message: 'The out point has to be at least one frame after the in point.' },
  clipPointOutside: {
    status: 400,
    message: 'This point lies outside of what the entry has; the details say where it begins and ends.',
  },
  clipPointInGap: {
    status: 400,
    message: 'Media are missing at this point; choose one before or after the gap that the details tell.',
  },
  clipSourceGone: {
    status: 409,
    message: 'The media have been deleted, or have left the DVR window; load the entry again.',
  },
  clipSourceUnfit: {
    status: 409,
    message: 'This entry has no media on this server that could be cut; choose a live entry or a video that is ready.',
  },
  clipFailed: { status: 500, message: 'It could not be cut, and nothing was changed; the server’s log says why.' },
  sourceFlavorMissing: {
    status: 409,
    message:
      'Clipping and trimming need the Source flavor. Turn it on in the entry’s transcoding profile; it is there from the next broadcast on.',
  },
  downloadUnfinished: {
    status: 409,
    message: 'This is still being broadcast; download its recording when the broadcast has ended.',
  },
  entryBeingEdited: { status: 409, message: 'This entry is being edited already; try again when that is done.' },
  liveNotTrimmable: { status: 409, message: 'A live entry cannot be trimmed; trim its recording.' },
  notTrimmed: { status: 409, message: 'This entry is as it was made: there is no original to go back to.' },
  profileInUse: { status: 409, message: 'Entries use this profile; give them another one first.' },
  builtInProfile: {
    status: 409,
    message: 'The built-in profiles cannot be changed or deleted; create one of your own.',
  },
  requestTimedOut: { status: 408, message: 'The request did not come in time; send it again.' },
  preconditionFailed: { status: 412, message: 'The session has changed since; send its present ETag.' },
  payloadTooLarge: { status: 413, message: 'The body is larger than this address accepts.' },
  unsupportedMediaType: { status: 415, message: 'This address does not accept this content type.' },
  unreadableImage: {
    status: 415,
    message: 'This picture cannot be read; send a whole JPEG, PNG or WebP of at most 50 megapixels.',
  },
  uploadUnreadable: {
    status: 422,
    message:
      'The file cannot be read: it is damaged, incomplete, or no video or sound. Upload it again, or convert it to MP4 first.',
  },
  uploadWithoutMedia: { status: 422, message: 'There is neither a picture nor sound in the file.' },
  uploadUnsupported: {
    status: 422,
    message: 'The file’s codec is not known here; convert it to MP4 with H.264 and AAC, and upload that.',
  },
  uploadOutsideLimits: {
    status: 422,
    message: 'The file is beyond what can be taken: at most 24 hours, 8192×4320 pixels and 240 frames per second.',
  },
  uploadFailed: { status: 500, message: 'The file could not be imported; the server’s log says why.' },
  uploadTooLarge: {
    status: 413,
    message: 'The file is larger than this server accepts; make it smaller, or let UPLOAD_MAX_MB be raised.',
  },
  uploadNotFound: { status: 404, message: 'There is no such upload (any more); begin it again.' },
  tooManyUploads: {
    status: 429,
    message: 'You have too many uploads that are not finished; finish or cancel some of them first.',
  },
  insufficientStorage: {
    status: 507,
    message: 'The server’s disk has no room for this; delete something, then try again.',
  },
  rangeNotSatisfiable: { status: 416, message: 'The range lies outside the file.' },
  unprocessableOffer: { status: 422, message: 'The offer cannot be answered; see the details.' },
  preconditionRequired: { status: 428, message: 'Send the session’s ETag as If-Match.' },
  headTooLarge: {
    status: 431,
    message: 'The address and the headers of the request are too long; send at most 16 KB.',
  },
  tooManyRequests: { status: 429, message: 'Too many attempts; wait a moment and try again.' },
  unsupportedCodec: { status: 415, message: 'This codec is not supported; send H.264 and AAC.' },
  internal: { status: 500, message: 'Something went wrong on the server; its log says what.' },
  notYetAvailable: { status: 503, message: 'This part of the broadcast has not come yet; ask again.' },
  overloaded: { status: 503, message: 'The server cannot take more at the moment; try again shortly.' },
} as const satisfies Record<string, { status: number; message: string }>;

export type ErrorCode = keyof typeof errorTable;

/** An expected "no", returned rather than thrown. */
export interface Refusal {
  readonly refused: ErrorCode;
  readonly message: string;
  readonly details?: unknown;
}

export function refuse(code: ErrorCode, message: string = errorTable[code].message, details?: unknown): Refusal {
  return details === undefined ? { refused: code, message } : { refused: code, message, details };
}

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value;
}

/** A refusal on its way through code that can only throw, such as an HTTP handler. */
export class RefusedError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** Throws a refusal from the table. */
export function reject(code: ErrorCode, message?: string, details?: unknown): never {
  throw new RefusedError(refuse(code, message, details));
}

/** The body of every error answer: `{error: {code, message, details?}}`. */
export function errorBody(refusal: Refusal): { error: { code: ErrorCode; message: string; details?: unknown } } {
  const { refused: code, message, details } = refusal;
  return { error: details === undefined ? { code, message } : { code, message, details } };
}
