import { createHash } from "node:crypto";
import type { firstDifference } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";

/** What the weights of a training depend on, besides the config of its trainer. */
export interface Origin {
  /**
   * A hash of each thing that it was made of, by what messages call that: `pairs`, `starting weights`.
   * Of its content, so that it may move.
   */
  readonly content: Readonly<Record<string, string>>;
  /** Plain JSON, without the keys that change no weight. */
  readonly config: object;
}

/** A short hash of texts; a text cut in two is another content. */
export function contentHash(texts: Iterable<string>): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text).update("\0");
  return hash.digest("hex").slice(0, 16);
}

/** @param difference of what a training was begun with and what it is to go on with */
export function otherOrigin(
  folder: string,
  { path, saved, given }: NonNullable<ReturnType<typeof firstDifference>>,
): AttendError {
  const what = path.startsWith("content.")
    ? `different ${path.slice("content.".length)}`
    : `another config: ${path.replace(/^config\./, "")} was ${saved}, now it is ${given}`;
  return new AttendError(
    "BAD_CONFIG",
    `${folder} was begun with ${what}; resume with the same, or train into another folder by --out`,
  );
}
