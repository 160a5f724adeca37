import type { Next } from "./constraints.ts";

/** A partial sequence, as a linked list that shares prefixes. */
export interface Path {
  /** Undefined for the start, which is not a token of the sequence. */
  readonly parent: Path | undefined;
  /** Its row in the decoder's state, while it is active. */
  row: number;
  readonly token: number;
  readonly logProbability: number;
  /** The attention of the token, if needed. */
  readonly attention: Float32Array | undefined;
  /** The tokens that may follow. */
  readonly next: Next;
}

/** The steps from the first token to the last. */
export function stepsOf(last: Path): Path[] {
  const steps: Path[] = [];
  for (let at = last; at.parent !== undefined; at = at.parent) steps.push(at);
  return steps.reverse();
}

/** The tokens without the start. */
export function tokensOf(last: Path): number[] {
  return stepsOf(last).map(({ token }) => token);
}
