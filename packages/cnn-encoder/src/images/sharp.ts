import type sharpFunction from "sharp";

export type Sharp = typeof sharpFunction;

/** What people's photos need: their faults that leave all pixels legible are none. */
export const lenient = { failOn: "truncated", limitInputPixels: false } as const;

let loading: Promise<Sharp> | undefined;

/** On first use only, because it takes a tenth of a second. */
export function loadSharp(): Promise<Sharp> {
  loading ??= import("sharp").then(({ default: sharp }) => {
    // Photos are read once, so its cache only costs memory; several at a time beat several threads each.
    sharp.cache(false);
    sharp.concurrency(1);
    return sharp;
  });
  return loading;
}
