// How well intents are told, and what is out of scope: CLINC150 (chosen on its validation part) and BANKING77 (a
// seeded fifth of its training part is held out).
//   pnpm --filter @attend/benchmarks intents [--encoder NAME] [--data FOLDER]
import { parseArgs } from "node:util";
import { expectedCalibrationError } from "@attend/metrics";
import { type IntentExample, trainIntents } from "@attend/retrieval/training";
import { createRandom } from "@attend/runtime/random";
import { loadSentenceVectors } from "@attend/sentence-vectors";
import { CachedVectors } from "./cached-vectors.ts";
import { intentsFolder } from "./folder.ts";
import { outOfScope, readIntentData } from "./rewordings.ts";

const { values } = parseArgs({
  options: { encoder: { type: "string" }, data: { type: "string", default: intentsFolder } },
});
const vectors = await CachedVectors.open(await loadSentenceVectors(values.encoder));
const { clinc, banking } = await readIntentData(values.data);

console.log(`${vectors.name}, in %\n`);
console.log(
  "| data | accuracy without threshold | in scope | recall out of scope | ECE | seconds |",
);
console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
await measure("CLINC150", clinc.taught, clinc.asked);
await measure("CLINC150, 20 an intent", few(clinc.taught, 20), clinc.asked);
await measure("BANKING77", banking.taught, banking.asked);
await vectors.save();
vectors.dispose();

async function measure(
  name: string,
  taught: readonly IntentExample[],
  asked: readonly IntentExample[],
): Promise<void> {
  const start = performance.now();
  const classifier = await trainIntents(taught, vectors, { seed: 1, validation: asked });
  const seconds = (performance.now() - start) / 1000;
  const said = await classifier.classify(asked.map(({ text }) => text));
  const judged = said.map((each, i) => {
    const intent = asked[i]?.intent;
    return { ...each, isInScope: intent !== outOfScope, expected: intent };
  });
  const inScope = judged.filter((each) => each.isInScope);
  const others = judged.filter((each) => !each.isInScope);
  const share = <T>(of: readonly T[], test: (each: T) => boolean) =>
    of.length === 0 ? "" : ((100 * of.filter(test).length) / of.length).toFixed(1);
  const isFirst = ({ alternatives, expected }: (typeof judged)[number]) =>
    alternatives[0]?.intent === expected;
  const error = expectedCalibrationError(
    judged.map(({ confidence }) => confidence),
    judged.map(isFirst),
  );
  const cells = [
    name,
    share(inScope, isFirst),
    share(inScope, ({ intent, expected }) => intent === expected),
    share(others, ({ intent }) => intent === outOfScope),
    (100 * error).toFixed(1),
    seconds.toFixed(0),
  ];
  console.log(`| ${cells.join(" | ")} |`);
  classifier.dispose();
}

/** At most so many examples of each intent; all that are out of scope. */
function few(examples: readonly IntentExample[], count: number): IntentExample[] {
  const seen = new Map<string, number>();
  return createRandom(20)
    .shuffle([...examples])
    .filter(({ intent }) => {
      const before = seen.get(intent) ?? 0;
      seen.set(intent, before + 1);
      return intent === outOfScope || before < count;
    });
}
