import type { Photo, QuestionRow } from "./asking.ts";

/** Consecutive rows about one photo. */
export interface PhotoGroup<Row extends QuestionRow> {
  readonly photo: Photo;
  readonly rows: Row[];
}

const mostRows = 64;

/**
 * Rows that can be answered together. Those of an async iterable are alone, since the next one may depend on an answer;
 * so are those without a question, which have none.
 */
export async function* groupByPhoto<Row extends QuestionRow>(
  rows: AsyncIterable<Row> | Iterable<Row>,
): AsyncGenerator<PhotoGroup<Row>> {
  if (Symbol.asyncIterator in rows) {
    for await (const row of rows) yield { photo: row.photo, rows: [row] };
    return;
  }
  let group: PhotoGroup<Row> | undefined;
  for (const row of rows) {
    const { photo, question } = row;
    const isEmpty = question.trim() === "";
    if (group && !isEmpty && group.photo === photo && group.rows.length < mostRows) {
      group.rows.push(row);
      continue;
    }
    if (group) yield group;
    group = { photo, rows: [row] };
    if (isEmpty) {
      yield group;
      group = undefined;
    }
  }
  if (group) yield group;
}
