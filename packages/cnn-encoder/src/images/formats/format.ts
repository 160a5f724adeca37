import type { Raw } from "sharp";

/** A picture whose size is known and which is not decoded yet. */
export interface Encoded {
  /** Of the picture as it is shown, upright. */
  readonly width: number;
  readonly height: number;
  /** Decodes it as far as sharp needs it: to a file that sharp reads, or to pixels. */
  decode(): Promise<{ readonly data: Uint8Array; readonly raw?: Raw }>;
}
