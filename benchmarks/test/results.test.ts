import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "@attend/test-kit";
import { expect, test } from "vitest";
import { readModelResults } from "../results/model-results.ts";
import { resultsPage, withScores } from "../results/pages.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFileSync(join(repository, path), "utf8");
const remedy = "run pnpm run results";

test("docs/results.md and the cards are up to date", () => {
  const models = readModelResults(repository);
  expect(models.map(({ model }) => model)).toEqual(readdirSync(join(repository, "models")).sort());
  expect(read("docs/results.md"), remedy).toBe(resultsPage(models));
  for (const results of models) {
    const card = read(`models/${results.model}/README.md`);
    expect(card, remedy).toBe(withScores(card, results));
  }
});

const valid = {
  minutes: 5,
  commands: ["pnpm translate evaluate a b"],
  tests: [
    {
      test: "a test",
      scores: { BLEU: "40.0", chrF: "61.2" },
      main: ["BLEU"],
      references: [{ model: "theirs", scores: { BLEU: "41" } }],
    },
  ],
};

/** The models of a repository with one model. */
function readOne(results: object) {
  const folder = temporaryDirectory();
  mkdirSync(join(folder, "models/one"), { recursive: true });
  writeFileSync(join(folder, "models/one/results.json"), JSON.stringify(results));
  return readModelResults(folder);
}

test("the page has the main figures, and references with or without a source", () => {
  const page = resultsPage(readOne(valid));
  expect(page).toMatch(
    /^\| \[one\]\(\.\.\/models\/one\/README\.md\) \| a test +\| BLEU 40\.0 \| +5 \|$/m,
  );
  expect(page).toMatch(/^\| +\| theirs \(source not found\) \| BLEU 41 +\| +\|$/m);
  expect(page).toContain("# one\npnpm translate evaluate a b\n");
});

test("a card's table has all scores", () => {
  const [results] = readOne(valid);
  if (results === undefined) throw new RangeError("one model");
  const marks = "<!-- Made from results.json by `pnpm run results`. -->\nold\n<!-- end -->";
  const card = withScores(`# One\n${marks}\nrest`, results);
  expect(card).toContain(
    "| test   | BLEU | chrF |\n| ------ | ---: | ---: |\n| a test | 40.0 | 61.2 |",
  );
  expect(card.startsWith("# One\n") && card.endsWith("\nrest")).toBe(true);
  expect(card).not.toContain("old");
  expect(withScores(card, results)).toBe(card);
  expect(() => withScores("# One", results)).toThrow("models/one/README.md lacks");
});

test.each([
  [{ ...valid, minutes: 0 }, "minutes"],
  [{ ...valid, tests: [{ ...valid.tests[0], scores: { BLEU: "about 40" } }] }, "must be a number"],
  [{ ...valid, tests: [{ ...valid.tests[0], main: ["TER"] }] }, "each metric of main"],
])("rejects invalid results", (results, message) => {
  expect(() => readOne(results)).toThrow(message);
});
