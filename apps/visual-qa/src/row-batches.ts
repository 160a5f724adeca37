import type { Photo, QuestionRow } from "./asking.ts";

/** Consecutive rows that are answered together. */
export interface RowBatch<Row extends QuestionRow> {
  /** Each once, unless others come between. */
  readonly photos: Photo[];
  readonly rows: Row[];
}

const [mostPhotos, mostRows] = [8, 64];

/**
 * Rows in batches of at most 8 photos and 64 questions; those about a photo are not divided if they are fewer. The rows of
 * an async iterable are alone, since the next one may depend on an answer.
 */
export async function* batchRows<Row extends QuestionRow>(
  rows: AsyncIterable<Row> | Iterable<Row>,
): AsyncGenerator<RowBatch<Row>> {
  if (Symbol.asyncIterator in rows) {
    for await (const row of rows) yield { photos: [row.photo], rows: [row] };
    return;
  }
  let batch: RowBatch<Row> = { photos: [], rows: [] };
  for (const group of groupByPhoto(rows)) {
    const isFull =
      batch.photos.length === mostPhotos || batch.rows.length + group.length > mostRows;
    if (isFull && batch.rows.length > 0) {
      yield batch;
      batch = { photos: [], rows: [] };
    }
    batch.photos.push(...group.slice(0, 1).map(({ photo }) => photo));
    batch.rows.push(...group);
  }
  if (batch.rows.length > 0) yield batch;
}

/** At most `mostRows` consecutive rows about one photo. */
function* groupByPhoto<Row extends QuestionRow>(rows: Iterable<Row>): Generator<Row[]> {
  let group: Row[] = [];
  for (const row of rows) {
    if (group.length > 0 && (group[0]?.photo !== row.photo || group.length === mostRows)) {
      yield group;
      group = [];
    }
    group.push(row);
  }
  if (group.length > 0) yield group;
}
