import type { Next } from "./constraints.ts";

/** A sequence under way, as a list that shares its beginnings. */
export interface Path {
  /** Undefined for the start, which is no token of the sequence. */
  readonly parent: Path | undefined;
  /** Which row of the decoder's state it is, as long as it goes on. */
  row: number;
  readonly token: number;
  readonly logProbability: number;
  /** Where the model looked when it chose the token; absent unless someone needs it. */
  readonly attention: Float32Array | undefined;
  /** What may follow. */
  readonly next: Next;
}

/** From its first token to its last. */
export function stepsOf(last: Path): Path[] {
  const steps: Path[] = [];
  for (let at = last; at.parent !== undefined; at = at.parent) steps.push(at);
  return steps.reverse();
}

/** Without the start. */
export function tokensOf(last: Path): number[] {
  return stepsOf(last).map(({ token }) => token);
}
