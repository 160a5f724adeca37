/** One change of a text, and why. */
export interface Change {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  /** Where it is in the repaired text. */
  readonly start: number;
  readonly end: number;
}

/** A repaired text. */
export interface Repaired {
  readonly text: string;
  /** Its sentences, in order. */
  readonly sentences: readonly string[];
  readonly changes: readonly Change[];
}

/** Turns recognized words into sentences as people write them. */
export interface Repairer {
  /** @param readings a text, or several readings of it, best first */
  repair(
    readings: string | readonly { readonly text: string; readonly score: number }[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<Repaired>;
  dispose(): void;
}
