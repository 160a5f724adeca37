import { createHash } from "node:crypto";
import type { firstDifference } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";

/** What the weights of a training depend on, other than the trainer's config. */
export interface Origin {
  /**
   * A content hash of each input, by its name in messages: `pairs`, `starting weights`. Files may be moved
   * or renamed.
   */
  readonly content: Readonly<Record<string, string>>;
  /** Plain JSON, without the keys that do not affect the weights. */
  readonly config: object;
}

/** A short hash of texts, which also depends on where one ends and the next begins. */
export function contentHash(texts: Iterable<string>): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text).update("\0");
  return hash.digest("hex").slice(0, 16);
}

/** The error for resuming a training with a different origin. @param difference the first one found */
export function originMismatch(
  folder: string,
  { path, saved, given }: NonNullable<ReturnType<typeof firstDifference>>,
): AttendError {
  const what = path.startsWith("content.")
    ? `different ${path.slice("content.".length)}`
    : `a different config: ${path.replace(/^config\./, "")} was ${saved}, now it is ${given}`;
  return new AttendError(
    "BAD_CONFIG",
    `${folder} was started with ${what}; resume with the same, or train into another folder with --out`,
  );
}
