/** Why there is no picture or sound to send. */
export type CaptureProblem = 'insecure' | 'unsupported' | 'denied' | 'noDevice' | 'busy' | 'lost' | 'unknown';

export interface CaptureSurroundings {
  readonly isSecureContext: boolean;
  readonly hasMediaDevices: boolean;
}

/** What keeps the camera away before it is even asked for. */
export function captureObstacle({ isSecureContext, hasMediaDevices }: CaptureSurroundings): CaptureProblem | null {
  if (!isSecureContext) return 'insecure';
  return hasMediaDevices ? null : 'unsupported';
}

const byErrorName: Record<string, CaptureProblem> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'noDevice',
  // An exact device that was asked for is not there (any more).
  OverconstrainedError: 'noDevice',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

/** Reads what `getUserMedia` threw. */
export function captureProblemOf(error: unknown): CaptureProblem {
  return (error instanceof Error ? byErrorName[error.name] : undefined) ?? 'unknown';
}
