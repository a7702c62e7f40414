import type { Kysely } from 'kysely';
import type { PeriodRow, SegmentRow, SegmentTables, TimelineFloorRow, TimelineRow } from './segmentTables.ts';

/** Rows deleted by one statement: the database answers nothing else meanwhile. */
const deletedAtOnce = 500;

/**
 * The SQL of the store. Every change is one statement, so that none needs a transaction across awaits: publishing a
 * segment is one insert.
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

  segments(timelineId: string): Promise<SegmentRow[]> {
    return this.#database
      .selectFrom('segments')
      .selectAll()
      .where('timeline_id', '=', timelineId)
      .orderBy('sequence')
      .execute();
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

  async changeSegment(timelineId: string, sequence: number, tracks: string): Promise<void> {
    await this.#database
      .updateTable('segments')
      .set({ tracks })
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

  async removePeriod(timelineId: string, folder: number): Promise<void> {
    await this.#database
      .deleteFrom('periods')
      .where('timeline_id', '=', timelineId)
      .where('folder', '=', folder)
      .execute();
  }

  async removePeriodsBelow(timelineId: string, folder: number): Promise<void> {
    await this.#database
      .deleteFrom('periods')
      .where('timeline_id', '=', timelineId)
      .where('folder', '<', folder)
      .execute();
  }

  /** The caller says from where on rows exist, so that the deletion is done in short steps. */
  async removeSegments(timelineId: string, from: number, below: number): Promise<void> {
    for (let end = Math.min(from + deletedAtOnce, below); ; end = Math.min(end + deletedAtOnce, below)) {
      await this.#database
        .deleteFrom('segments')
        .where('timeline_id', '=', timelineId)
        .where('sequence', '<', end)
        .execute();
      if (end >= below) return;
    }
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
}
