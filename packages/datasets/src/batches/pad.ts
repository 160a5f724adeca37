/** Sequences of one length: `[batch, steps]`, row after row. */
export interface PaddedTokens {
  readonly ids: Int32Array;
  /** Of the sequences. */
  readonly lengths: number[];
  /** The longest of them. */
  readonly steps: number;
}

/** Fills token sequences up to the longest with `padId`. */
export function padTokens(
  sequences: readonly (readonly number[])[],
  { padId }: { padId: number },
): PaddedTokens {
  const lengths = sequences.map(({ length }) => length);
  const steps = lengths.reduce((longest, length) => Math.max(longest, length), 0);
  const ids = new Int32Array(sequences.length * steps).fill(padId);
  for (const [row, tokens] of sequences.entries()) ids.set(tokens, row * steps);
  return { ids, lengths, steps };
}
