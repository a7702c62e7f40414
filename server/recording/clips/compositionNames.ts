/** The name under which a trimmed video's whole is kept. */
export function originalOf(entryId: string): string {
  return `${entryId}:original`;
}

/** The name under which is kept for a while what a video played before it was trimmed, or given back its original. */
export function formerOf(entryId: string): string {
  return `${entryId}:former`;
}
