import { join } from "node:path";
import { describeWithData } from "@attend/test-kit";
import { expect, test } from "vitest";
import { parallelStatistics, readParallel, splitBySource } from "../../src/index.ts";

describeWithData("Multi30k", ["multi30k"], (folder) => {
  test("has its 29,000 pairs", async () => {
    const at = (language: string) => join(folder, `train.${language}.gz`);
    const text = await readParallel({ source: at("en"), target: at("de") });
    expect(text.pairs).toHaveLength(29_000);
    expect(text.warnings).toEqual([]);
  });
});

describeWithData("Tatoeba", ["tatoeba"], (folder) => {
  test("is split by English sentence", async () => {
    const { pairs, skipped } = await readParallel({ tsv: join(folder, "eng-jpn.tsv.gz") });
    expect(pairs.length + skipped.empty + skipped.overlong).toBe(44_917);
    expect(parallelStatistics(pairs).distinctSources).toBeLessThan(pairs.length);
    const { train, heldOut } = splitBySource(pairs, { heldOut: 1000, seed: 1 });
    const held = new Set(heldOut.map(({ source }) => source));
    expect(train.filter(({ source }) => held.has(source))).toEqual([]);
  });
});
