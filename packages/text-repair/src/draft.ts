/** A replacement in a text: of the characters from `start` to `end`, of which there may be none. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly to: string;
  readonly reason: string;
}

/** A difference between a text and its repaired form. */
export interface Change {
  /** Empty for what was inserted. */
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  /** Where `to` is in the repaired text. */
  readonly start: number;
  readonly end: number;
}

/** A text that is repaired step by step, with everything that differs from the original one. */
export class Draft {
  readonly original: string;
  #text: string;
  /** In order; none overlap. */
  #changes: readonly Change[] = [];

  constructor(original: string) {
    this.original = original;
    this.#text = original;
  }

  get text(): string {
    return this.#text;
  }

  get changes(): readonly Change[] {
    return this.#changes;
  }

  /**
   * Applies edits of the current text, which must not overlap each other. An edit of what was changed before becomes one
   * change with it.
   */
  apply(edits: readonly Edit[]): void {
    const pieces = [
      ...this.#changes.map((change) => ({ ...change, edits: [], changes: [change] })),
      ...edits.map((edit) => ({ ...edit, edits: [edit], changes: [] })),
    ].sort((a, b) => a.start - b.start || a.end - b.end);
    const changes: Change[] = [];
    let [text, at] = ["", 0];
    for (const { start, end, ...group } of grouped(pieces)) {
      text += this.#text.slice(at, start);
      at = end;
      const undone = group.changes.map((change) => ({ ...change, to: change.from }));
      const from = splice(this.#text, { start, end }, undone);
      const to = splice(this.#text, { start, end }, group.edits);
      const reasons = [...group.changes, ...group.edits].map(({ reason }) => reason);
      const reason = [...new Set(reasons)].join(", ");
      if (from !== to) {
        changes.push({ from, to, reason, start: text.length, end: text.length + to.length });
      }
      text += to;
    }
    this.#text = text + this.#text.slice(at);
    this.#changes = changes;
  }

  /** Where a position of the current text is in the original one; one within a change is at its start. */
  originalPosition(position: number): number {
    let shift = 0;
    for (const { start, end, from } of this.#changes) {
      if (start >= position) break;
      if (end > position) return start + shift;
      shift += from.length - (end - start);
    }
    return position + shift;
  }
}

interface Range {
  readonly start: number;
  readonly end: number;
}

interface Piece extends Range {
  readonly edits: readonly Edit[];
  readonly changes: readonly Change[];
}

/** Pieces in order, of which those that overlap become one. */
function grouped(pieces: readonly Piece[]): Piece[] {
  const groups: Piece[] = [];
  for (const piece of pieces) {
    const last = groups.at(-1);
    if (last === undefined || piece.start >= last.end) groups.push(piece);
    else {
      groups[groups.length - 1] = {
        start: last.start,
        end: Math.max(last.end, piece.end),
        edits: [...last.edits, ...piece.edits],
        changes: [...last.changes, ...piece.changes],
      };
    }
  }
  return groups;
}

/** A range of a text with parts of it replaced. */
function splice(
  text: string,
  { start, end }: Range,
  parts: readonly (Range & { readonly to: string })[],
): string {
  let [result, at] = ["", start];
  for (const part of parts) {
    result += text.slice(at, part.start) + part.to;
    at = part.end;
  }
  return result + text.slice(at, end);
}
