/** Sequences of one length: `[batch, steps]`, row after row. */
export interface PaddedTokens {
  readonly ids: Int32Array;
  /** Of the sequences, `[batch]`. */
  readonly lengths: Int32Array;
  /** The longest of them. */
  readonly steps: number;
}

/** Fills token sequences up to the longest with `padId`. */
export function padTokens(
  sequences: readonly (readonly number[])[],
  { padId }: { padId: number },
): PaddedTokens {
  const lengths = Int32Array.from(sequences, (tokens) => tokens.length);
  const steps = lengths.reduce((longest, length) => Math.max(longest, length), 0);
  const ids = new Int32Array(sequences.length * steps).fill(padId);
  for (const [row, tokens] of sequences.entries()) ids.set(tokens, row * steps);
  return { ids, lengths, steps };
}

/** What a decoder reads and should write, `[batch, steps]` each, row after row. */
export interface TeacherForcing {
  /** The start token, then the caption. */
  readonly inputs: Int32Array;
  /** The caption, then the end token. */
  readonly targets: Int32Array;
  /** 1 where a target counts, 0 where it is padding. */
  readonly mask: Float32Array;
  /** The targets that count of each row, `[batch]`. */
  readonly lengths: Int32Array;
  readonly steps: number;
}

export interface TeacherForcingOptions {
  readonly padId: number;
  readonly startId: number;
  readonly endId: number;
  /** Longer captions are cut; the end, which then was never reached, is not taught. */
  readonly maxSteps?: number | undefined;
}

/** Inputs and targets for teacher forcing (Williams & Zipser 1989), out of bare token sequences. */
export function teacherForcing(
  sequences: readonly (readonly number[])[],
  { padId, startId, endId, maxSteps }: TeacherForcingOptions,
): TeacherForcing {
  const cut = (tokens: readonly number[]) => tokens.slice(0, maxSteps);
  const inputs = padTokens(
    sequences.map((tokens) => cut([startId, ...tokens])),
    { padId },
  );
  const targets = padTokens(
    sequences.map((tokens) => cut([...tokens, endId])),
    { padId },
  );
  const { lengths, steps } = targets;
  const mask = new Float32Array(targets.ids.length);
  for (const [row, length] of lengths.entries()) mask.fill(1, row * steps, row * steps + length);
  return { inputs: inputs.ids, targets: targets.ids, mask, lengths, steps };
}
