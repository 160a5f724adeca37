import { describeWithData } from "@attend/test-kit";
import { expect, test } from "vitest";
import { recipeOf } from "../babi/recipes.ts";
import { readSets } from "../babi/sets.ts";
import { formatTable } from "../babi/table.ts";

test("the table has ours and the published errors, their mean, and the failed tasks", () => {
  const names = new Map([
    [1, "single supporting fact"],
    [4, "two arg relations"],
  ]);
  const measured = new Map([
    ["lstm", new Map([...names.keys()].map((task) => [task, task === 1 ? 0.05 : 0.2]))] as const,
  ]);
  const [head, , first, second, mean, failed] = formatTable(names, measured).split("\n");
  expect(head).toMatch(/^\| task \| lstm \| \*LSTM, Weston 2015\* \| /);
  expect(first).toMatch(/^\| 1 single supporting fact \| 5\.0 \| 50\.0 \| 0\.0 \| /);
  expect(second).toMatch(/^\| 4 two arg relations \| 20\.0 \| 39\.0 \| 13\.4 \| 17\.5 \| 0\.0 \| /);
  expect(mean).toMatch(/^\| mean error \| 12\.50 \| 51\.30 \| 12\.40 \| 15\.20 \| 9\.90 \| /);
  // 5 % is not above 5 %.
  expect(failed).toMatch(/^\| failed tasks \| 1 \| 20 \| 11 \| /);
});

test("a shorter training starts linear for as large a part of it", () => {
  const given = { joint: false, epochs: undefined, trials: undefined };
  const full = recipeOf("memory-network", given);
  const half = recipeOf("memory-network", { ...given, epochs: full.epochs / 2, trials: 1 });
  expect(half.linearEpochs).toBe((full.linearEpochs ?? 0) / 2);
  expect(half.trials).toBe(1);
  expect(recipeOf("lstm", given)).not.toHaveProperty("linearEpochs");
});

describeWithData("bAbI", ["babi"], () => {
  test("a tenth is held out, and equal sentences are one array", async () => {
    const { sets, names } = await readSets([1, 4], false);
    expect(sets.map(({ name }) => name)).toEqual(["1", "4"]);
    expect(names.get(1)).toBe("single supporting fact");
    const [first] = sets;
    expect([first?.train.length, first?.validation.length]).toEqual([900, 100]);
    expect(first?.tests.get(1)).toHaveLength(1000);
    const sentences = first?.train.flatMap(({ story }) => story) ?? [];
    const texts = sentences.map((sentence) => sentence.join(" "));
    expect(new Set(sentences).size).toBe(new Set(texts).size);
  });

  test("all tasks as one set share words and answers", async () => {
    const { sets } = await readSets([1, 4], true);
    expect(sets.map(({ name, train }) => [name, train.length])).toEqual([["joint", 1800]]);
    expect([...(sets[0]?.tests.keys() ?? [])]).toEqual([1, 4]);
  });
});
