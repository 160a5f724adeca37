import { useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { loadTranslator } from "../src/index.ts";
import { translate } from "./support/program.ts";

useEngine();

test.for([
  ["en", "de", "A man is riding a bicycle.", /^Ein Mann .*(Fahrrad|Rad)/],
  ["de", "en", "Zwei Hunde rennen durch den Schnee.", /^Two dogs .*snow/],
  ["en", "fr", "Two children are playing in the water.", /^Deux enfants .*eau/],
  ["en", "ja", "I can't speak Japanese.", /日本語.*(ない|ません)/],
] as const)("the shipped model translates from %s to %s", async ([from, to, text, expected]) => {
  const translator = await loadTranslator({ from, to });
  try {
    expect((await translator.translate(text)).text).toMatch(expected);
  } finally {
    translator.close();
  }
});

test("a German word attends to the English one", async () => {
  const translator = await loadTranslator();
  const { alignments = [] } = await translator.translate("A man is riding a bicycle.", {
    attention: true,
  });
  translator.close();
  const [{ source, target, weights } = { source: [], target: [], weights: [] }] = alignments;
  const row = weights[target.indexOf(" Mann")] ?? [];
  expect(source[row.indexOf(Math.max(...row))]).toBe(" man");
});

test("the program uses it by default", async () => {
  const { code, stdout, stderr } = await translate(["A", "dog", "runs", "through", "the", "snow."]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/Hund.*Schnee/);
});
