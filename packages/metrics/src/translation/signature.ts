import { readFileSync } from "node:fs";

/** This package's manifest; this file is in `src/translation` or `dist/translation`. */
const manifest = new URL("../../package.json", import.meta.url);

/**
 * How a score was computed, in the form of sacreBLEU's signatures (Post 2018, section 4):
 * `nrefs:1|case:lc|eff:no|tok:13a|smooth:exp|version:attend-0.1.0`. The version makes clear that
 * the score comes from this package and not from sacreBLEU.
 */
export function writeSignature(
  settings: readonly string[],
  references: number | "var",
  resampling: readonly string[] = [],
): string {
  const { version }: { version: string } = JSON.parse(readFileSync(manifest, "utf8"));
  return [`nrefs:${references}`, ...resampling, ...settings, `version:attend-${version}`].join("|");
}

export function yesOrNo(value: boolean): "yes" | "no" {
  return value ? "yes" : "no";
}
