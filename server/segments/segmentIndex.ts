import type { Kysely } from 'kysely';
import type { Span } from './sequenceSpans.ts';
import type {
  CompositionRow,
  PeriodRow,
  SegmentRow,
  SegmentTables,
  TimelineFloorRow,
  TimelineRow,
} from './segmentTables.ts';

/** Where the files of a segment are. */
export type SegmentPlaceRow = Pick<SegmentRow, 'sequence' | 'folder' | 'file' | 'tracks'>;

/**
 * The SQL of the store. Every change is one statement, so that none needs a transaction across awaits: publishing a
 * segment is one insert, and so is a composition.
 */
export class SegmentIndex {
  readonly #database: Kysely<SegmentTables>;

  constructor(database: Kysely<SegmentTables>) {
    this.#database = database;
  }

  timelines(): Promise<TimelineRow[]> {
    return this.#database.selectFrom('timelines').selectAll().orderBy('entry_id').orderBy('ordinal').execute();
  }

  periods(timelineId: string): Promise<PeriodRow[]> {
    return this.#database
      .selectFrom('periods')
      .selectAll()
      .where('timeline_id', '=', timelineId)
      .orderBy('folder')
      .execute();
  }

  /** In order; the oldest ones where there are more than `limit`. */
  segments(timelineId: string, span: Span, limit: number): Promise<SegmentRow[]> {
    return this.#segmentsIn(timelineId, span).selectAll().limit(limit).execute();
  }

  places(timelineId: string, span: Span, limit: number): Promise<SegmentPlaceRow[]> {
    const columns = ['sequence', 'folder', 'file', 'tracks'] as const;
    return this.#segmentsIn(timelineId, span).select(columns).limit(limit).execute();
  }

  firstSegment(timelineId: string, span: Span): Promise<SegmentRow | undefined> {
    return this.#segmentsIn(timelineId, span).selectAll().limit(1).executeTakeFirst();
  }

  lastSegment(timelineId: string, { first, end }: Span): Promise<SegmentRow | undefined> {
    return this.#database
      .selectFrom('segments')
      .selectAll()
      .where('timeline_id', '=', timelineId)
      .where('sequence', '>=', first)
      .where('sequence', '<', toBound(end))
      .orderBy('sequence', 'desc')
      .limit(1)
      .executeTakeFirst();
  }

  async countSegments(timelineId: string, { first, end }: Span): Promise<number> {
    const { count } = await this.#database
      .selectFrom('segments')
      .select((row) => row.fn.countAll<number>().as('count'))
      .where('timeline_id', '=', timelineId)
      .where('sequence', '>=', first)
      .where('sequence', '<', toBound(end))
      .executeTakeFirstOrThrow();
    return count;
  }

  async addTimeline(row: TimelineRow): Promise<void> {
    await this.#database.insertInto('timelines').values(row).execute();
  }

  async changeTimeline(id: string, change: Partial<TimelineRow>): Promise<void> {
    await this.#database.updateTable('timelines').set(change).where('id', '=', id).execute();
  }

  async addPeriod(row: PeriodRow): Promise<void> {
    await this.#database.insertInto('periods').values(row).execute();
  }

  async addSegment(row: SegmentRow): Promise<void> {
    await this.#database.insertInto('segments').values(row).execute();
  }

  async changeSegment(timelineId: string, sequence: number, change: Partial<SegmentRow>): Promise<void> {
    await this.#database
      .updateTable('segments')
      .set(change)
      .where('timeline_id', '=', timelineId)
      .where('sequence', '=', sequence)
      .execute();
  }

  async changePeriod(timelineId: string, folder: number, tracks: string): Promise<void> {
    await this.#database
      .updateTable('periods')
      .set({ tracks })
      .where('timeline_id', '=', timelineId)
      .where('folder', '=', folder)
      .execute();
  }

  /** Neither bound included. */
  async removePeriodsBetween(timelineId: string, above: number, below: number): Promise<void> {
    await this.#database
      .deleteFrom('periods')
      .where('timeline_id', '=', timelineId)
      .where('folder', '>', above)
      .where('folder', '<', toBound(below))
      .execute();
  }

  /** In one statement: the caller keeps it short. */
  async removeSegments(timelineId: string, { first, end }: Span): Promise<void> {
    await this.#database
      .deleteFrom('segments')
      .where('timeline_id', '=', timelineId)
      .where('sequence', '>=', first)
      .where('sequence', '<', toBound(end))
      .execute();
  }

  async removeTimeline(id: string): Promise<void> {
    await this.#database.deleteFrom('timelines').where('id', '=', id).execute();
  }

  floors(): Promise<TimelineFloorRow[]> {
    return this.#database.selectFrom('timeline_floors').selectAll().execute();
  }

  async keepFloor(row: TimelineFloorRow): Promise<void> {
    const { sequence_floor, period_floor } = row;
    await this.#database
      .insertInto('timeline_floors')
      .values(row)
      .onConflict((conflict) => conflict.column('entry_id').doUpdateSet({ sequence_floor, period_floor }))
      .execute();
  }

  async removeFloor(entryId: string): Promise<void> {
    await this.#database.deleteFrom('timeline_floors').where('entry_id', '=', entryId).execute();
  }

  compositions(): Promise<CompositionRow[]> {
    return this.#database.selectFrom('compositions').selectAll().execute();
  }

  async keepComposition(row: CompositionRow): Promise<void> {
    const { entry_id, ranges } = row;
    await this.#database
      .insertInto('compositions')
      .values(row)
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ entry_id, ranges }))
      .execute();
  }

  async removeComposition(name: string): Promise<void> {
    await this.#database.deleteFrom('compositions').where('name', '=', name).execute();
  }

  #segmentsIn(timelineId: string, { first, end }: Span) {
    return this.#database
      .selectFrom('segments')
      .where('timeline_id', '=', timelineId)
      .where('sequence', '>=', first)
      .where('sequence', '<', toBound(end))
      .orderBy('sequence');
  }
}

/** Sequences and folders are 32-bit integers; no column holds Infinity. */
function toBound(end: number): number {
  return Math.min(end, 2 ** 31 - 1);
}
