// Fits the weights that matchers start from, `packages/retrieval/src/faq/prior.ts`, to training parts alone.
//   pnpm --filter @attend/benchmarks faq-prior [--encoder NAME] [--data FOLDER]
import { parseArgs } from "node:util";
import { fitPrior } from "@attend/retrieval/training";
import { loadSentenceVectors } from "@attend/sentence-vectors";
import { CachedVectors } from "./cached-vectors.ts";
import { intentsFolder } from "./folder.ts";
import { readIntentData, rewordingsOf } from "./rewordings.ts";

const { values } = parseArgs({
  options: { encoder: { type: "string" }, data: { type: "string", default: intentsFolder } },
});
const vectors = await CachedVectors.open(await loadSentenceVectors(values.encoder));
const { clinc, banking } = await readIntentData(values.data);
const faqs = [banking, banking, banking, banking, clinc, clinc].map((source, seed) =>
  rewordingsOf({ ...source, asked: source.taught }, 100 + seed, 200),
);
const prior = await fitPrior(faqs, vectors);
await vectors.save();
vectors.dispose();
const rounded = (weights: readonly number[]) => weights.map((weight) => Number(weight.toFixed(2)));
console.log({ head: rounded(prior.head), calibration: rounded(prior.calibration) });
