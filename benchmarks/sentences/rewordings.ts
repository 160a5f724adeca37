/**
 * How often a rewording of a question finds it, when one wording of each is known: by TF-IDF, by our static vectors and by
 * MiniLM. Intents play the questions: CLINC150 (the queries are its validation part) and BANKING77 (every fifth row, which
 * the static vectors have not seen).
 *
 *   pnpm --filter @attend/benchmarks sentences-rewordings
 *
 * `--data FOLDER` is the folder of the data (default: ATTEND_DATA or ../shared/data), `--static FOLDER` other static
 * vectors, `--without-minilm` leaves MiniLM out, which takes minutes.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type LabeledText, readLabeledTexts } from "@attend/datasets";
import { createRandom, type Random } from "@attend/runtime";
import {
  cosine,
  loadSentenceVectors,
  loadStaticVectors,
  type SentenceVectors,
} from "@attend/sentence-vectors";
import { outOfScope } from "../retrieval/rewordings.ts";
import { tfIdf } from "../support/tf-idf.ts";
import { userPath } from "../support/user-path.ts";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: process.env["ATTEND_DATA"] ?? "../shared/data" },
    static: { type: "string" },
    "without-minilm": { type: "boolean", default: false },
  },
});

/** Draws of the known wordings. */
const draws = 5;

/** For a query, the score of each known wording. */
type Method = (known: readonly string[], queries: readonly string[]) => number[][];

const read = async (file: string): Promise<LabeledText[]> => {
  const { examples } = await readLabeledTexts(join(userPath(flags.data), "intents", file));
  return examples.filter(({ intent }) => intent !== outOfScope);
};
const banking = await read("banking77_train.tsv.gz");
const isHeldOut = (_row: LabeledText, line: number) => line % 5 === 4;
const tests = {
  CLINC150: {
    known: await read("clinc150_train.tsv.gz"),
    queries: await read("clinc150_val.tsv.gz"),
  },
  BANKING77: {
    known: banking.filter((row, line) => !isHeldOut(row, line)),
    queries: banking.filter(isHeldOut),
  },
};

console.log("| test | by | hit@1 | hit@3 |\n| --- | --- | ---: | ---: |");
for (const [name, { known, queries }] of Object.entries(tests)) {
  const random = createRandom(1);
  const drawn = Array.from({ length: draws }, () => oneEach(known, random));
  const texts = queries.map(({ text }) => text);
  for (const [by, method] of await methods([...texts, ...drawn.flat().map(({ text }) => text)])) {
    const places = drawn.flatMap((rows) => {
      const scores = method(
        rows.map(({ text }) => text),
        texts,
      );
      return queries.map(({ intent }, i) => placeOf(intent, rows, scores[i] ?? []));
    });
    const within = (limit: number) =>
      ((100 * places.filter((place) => place < limit).length) / places.length).toFixed(1);
    console.log(`| ${name} | ${by} | ${within(1)} | ${within(3)} |`);
  }
}

/** A random row of each intent. */
function oneEach(rows: readonly LabeledText[], random: Random): LabeledText[] {
  const shuffled = random.shuffle([...rows]);
  return [...new Map(shuffled.map((row) => [row.intent, row])).values()];
}

/** How many rows score higher than the right one. */
function placeOf(intent: string, rows: readonly LabeledText[], scores: readonly number[]): number {
  const right = scores[rows.findIndex((row) => row.intent === intent)] ?? 0;
  return scores.filter((score) => score > right).length;
}

async function methods(texts: readonly string[]): Promise<[string, Method][]> {
  const all: [string, Method][] = [["TF-IDF", (known, queries) => queries.map(tfIdf(known))]];
  all.push(["static", await byVectors(await loadStaticVectors(staticOptions()), texts)]);
  if (!flags["without-minilm"]) {
    all.push(["MiniLM", await byVectors(await loadSentenceVectors("minilm"), texts)]);
  }
  return all;
}

function staticOptions() {
  return flags.static === undefined ? {} : { folder: userPath(flags.static) };
}

async function byVectors(vectors: SentenceVectors, texts: readonly string[]): Promise<Method> {
  const distinct = [...new Set(texts)];
  const encoded = await vectors.encode(distinct);
  vectors.dispose();
  const vectorOf = new Map(distinct.map((text, i) => [text, encoded[i] ?? new Float32Array()]));
  const find = (text: string) => vectorOf.get(text) ?? new Float32Array();
  return (known, queries) => {
    const wordings = known.map(find);
    return queries.map((query) => wordings.map((wording) => cosine(find(query), wording)));
  };
}
