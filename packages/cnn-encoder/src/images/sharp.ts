import type sharpFunction from "sharp";

export type Sharp = typeof sharpFunction;

/** Tolerates defects of photos that leave all pixels readable. */
export const lenient = { failOn: "truncated", limitInputPixels: false } as const;

let loading: Promise<Sharp> | undefined;

/** Loaded on first use, because it takes 0.1 s. */
export function loadSharp(): Promise<Sharp> {
  loading ??= import("sharp").then(({ default: sharp }) => {
    // Photos are read once, so a cache only costs memory; parallel photos are faster than parallel threads.
    sharp.cache(false);
    sharp.concurrency(1);
    return sharp;
  });
  return loading;
}
