/** Token sequences padded to the same length. */
export interface PaddedTokens {
  /** `[batch, steps]`, row by row. */
  readonly ids: Int32Array;
  /** The lengths of the sequences, without padding. */
  readonly lengths: number[];
  /** The length of the longest sequence. */
  readonly steps: number;
}

/** Pads token sequences to the longest with `padId`. */
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
