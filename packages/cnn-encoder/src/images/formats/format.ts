import type { Raw } from "sharp";

/** A picture of known size that is not decoded yet. */
export interface Encoded {
  /** Width of the upright picture. */
  readonly width: number;
  readonly height: number;
  /** Decodes it to a file that sharp reads, or to pixels. */
  decode(): Promise<{ readonly data: Uint8Array; readonly raw?: Raw }>;
}
