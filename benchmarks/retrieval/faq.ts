// How well the questions of a FAQ are found when people word them otherwise: with one wording a question taught.
//   pnpm --filter @attend/benchmarks faq [--encoder NAME] [--data FOLDER] [--seeds N] [--questions N]
import { parseArgs } from "node:util";
import { hitRate, meanReciprocalRank } from "@attend/metrics";
import { trainMatcher } from "@attend/retrieval/training";
import { cosine, loadSentenceVectors, type SentenceVectors } from "@attend/sentence-vectors";
import { type Ranker, tfIdf } from "../support/tf-idf.ts";
import { bm25 } from "./bm25.ts";
import { CachedVectors } from "./cached-vectors.ts";
import { intentsFolder } from "./folder.ts";
import { outOfScope, type Rewordings, readIntentData, rewordingsOf } from "./rewordings.ts";

/** What a method says of a question: pairs, best first, and how sure it is. */
interface Said {
  readonly pairs: readonly number[];
  readonly confidence: number;
}
type Method = (questions: readonly string[]) => Promise<{ said: Said[]; threshold?: number }>;

/** How many questions from elsewhere may get a confident answer, where a method has no threshold of its own. */
const falseAlarms = 0.05;

const { values } = parseArgs({
  options: {
    encoder: { type: "string" },
    data: { type: "string", default: intentsFolder },
    seeds: { type: "string", default: "3" },
    questions: { type: "string", default: "500" },
  },
});
const vectors = await CachedVectors.open(await loadSentenceVectors(values.encoder));
const { clinc, banking } = await readIntentData(values.data);
const ofElsewhere = (rows: typeof clinc.taught) =>
  rows.filter(({ intent }) => intent === outOfScope).map(({ text }) => text);
const [elsewhere, asked] = [ofElsewhere(clinc.taught), ofElsewhere(clinc.asked)];

for (const source of [banking, clinc]) {
  console.log(
    `\n${source.name}, ${vectors.name}; means of ${values.seeds} choices of wordings, in %\n`,
  );
  console.log(
    "| method | hit@1 | hit@3 | MRR | right and confident | wrong and confident | confident, pair left out | confident, from elsewhere |",
  );
  console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
  const rows = new Map<string, number[][]>();
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const faq = rewordingsOf(source, seed, Number(values.questions));
    for (const [name, method] of await methodsOf(faq, vectors, seed)) {
      rows.set(name, [...(rows.get(name) ?? []), await scoresOf(faq, method)]);
    }
  }
  for (const [name, runs] of rows) {
    const means = runs[0]?.map(
      (_, column) => runs.reduce((sum, run) => sum + (run[column] ?? 0), 0) / runs.length,
    );
    console.log(
      `| ${[name, ...(means ?? []).map((mean) => (100 * mean).toFixed(1))].join(" | ")} |`,
    );
  }
}
await vectors.save();
vectors.dispose();

async function scoresOf(faq: Rewordings, method: Method): Promise<number[]> {
  const [known, calibration, unanswered, other] = [
    await method(faq.questions.map(({ text }) => text)),
    await method(elsewhere),
    await method(faq.unanswered),
    await method(asked),
  ];
  const sorted = calibration.said.map(({ confidence }) => confidence).sort((a, b) => b - a);
  const threshold =
    known.threshold ?? (sorted[Math.floor(falseAlarms * sorted.length)] ?? 0) + 1e-9;
  const ranks = known.said.map(({ pairs }, i) => {
    const place = pairs.indexOf(faq.questions[i]?.pair ?? -1);
    return place < 0 ? Number.POSITIVE_INFINITY : place + 1;
  });
  const share = (said: readonly Said[], isCounted: (i: number) => boolean) =>
    said.filter(({ confidence }, i) => confidence >= threshold && isCounted(i)).length /
    said.length;
  return [
    hitRate(ranks, 1),
    hitRate(ranks, 3),
    meanReciprocalRank(ranks),
    share(known.said, (i) => ranks[i] === 1),
    share(known.said, (i) => ranks[i] !== 1),
    share(unanswered.said, () => true),
    share(other.said, () => true),
  ];
}

async function methodsOf(
  { pairs }: Rewordings,
  encoder: SentenceVectors,
  seed: number,
): Promise<[string, Method][]> {
  const joined = pairs.map(({ questions, answer }) => `${questions.join(" ")} ${answer}`);
  const questions = await encoder.encode(pairs.map((pair) => pair.questions.join(" ")));
  const answers = await encoder.encode(pairs.map(({ answer }) => answer));
  const matcher = await trainMatcher(pairs, encoder, { seed, elsewhere });
  return [
    ["TF-IDF", ranked(tfIdf(joined))],
    ["BM25 (minisearch)", ranked(bm25(joined))],
    [
      "cosine, question and answer",
      async (texts) => {
        const found = await encoder.encode(texts);
        const said = found.map((vector) =>
          best(
            pairs.map((_, i) => {
              const [question, answer] = [questions[i] ?? vector, answers[i] ?? vector];
              return cosine(vector, question) + cosine(vector, answer);
            }),
          ),
        );
        return { said };
      },
    ],
    [
      "ours",
      async (texts) => {
        const said: Said[] = [];
        for (const text of texts) {
          const { confidence, matches } = await matcher.find(text, { nBest: pairs.length });
          said.push({ pairs: matches.map(({ pair }) => pair), confidence });
        }
        return { said, threshold: matcher.config.threshold };
      },
    ],
  ];
}

function ranked(ranker: Ranker): Method {
  return async (texts) => ({ said: texts.map((text) => best(ranker(text))) });
}

function best(scores: readonly number[]): Said {
  const pairs = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  return { pairs, confidence: Math.max(...scores) };
}
