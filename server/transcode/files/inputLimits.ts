/**
 * Containers whose readers read nothing but the file itself. Playlists and the like would read what they name: other files of
 * this machine, or other machines.
 */
const containers =
  'mov,mp4,matroska,webm,flv,mpegts,mpeg,avi,asf,mxf,gxf,dv,nut,rm,ogg,wav,w64,aiff,caf,mp3,aac,ac3,eac3,flac';

/** Before `-i`, for ffmpeg and ffprobe: a stranger's file is to be read, and nothing else. */
export const foreignFileArgs: readonly string[] = ['-protocol_whitelist', 'file', '-format_whitelist', containers];

/** Containers whose frames say when they are decoded and shown, as is needed where they are not encoded anew. */
export const containersWithTimes: ReadonlySet<string> = new Set(['mov', 'matroska', 'flv', 'mpegts']);

/** What is beyond these is a mistake or an attack, and would take hours to find out. */
export const fileLimits = {
  widthOrHeight: 8192,
  pixels: 8192 * 4320,
  framesPerSecond: 240,
  durationMs: 24 * 3600 * 1000,
  channels: 32,
};
