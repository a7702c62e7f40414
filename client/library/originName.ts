import type { VideoOrigin } from '../../shared/model/entry.ts';

const names: Record<VideoOrigin, string> = { recording: 'Recording', clip: 'Clip', upload: 'Upload' };

export function originName(origin: VideoOrigin): string {
  return names[origin];
}
