/** What a disk says of its free space; `segments/disk/diskSpace.ts` satisfies it. */
interface Disk {
  readonly isLow: boolean;
  onChanged(listener: (isLow: boolean) => void): () => void;
}

interface Stoppable {
  stopAll(reason: string): Promise<void>;
  goOnAll(because: string): Promise<void>;
}

const notice = 'The server’s disk is nearly full, so nothing is recorded; the broadcast goes on.';

/** Why nothing can be recorded now, for people. */
export function lowDiskNotice({ isLow }: Pick<Disk, 'isLow'>): string | undefined {
  return isLow ? notice : undefined;
}

/** Live has the rest of a disk to itself until there is room again. Returns what ends it. */
export function stopRecordingsWhenLow(recordings: Stoppable, disk: Disk): () => void {
  return disk.onChanged((isLow) => {
    void (isLow ? recordings.stopAll(notice) : recordings.goOnAll('The server’s disk has room again'));
  });
}
