/**
 * English to Japanese: the shipped model beside a PyTorch Transformer of the same size, vocabulary, pairs and
 * training, both measured on the dev part of small_parallel_enja, which neither was trained on.
 *
 *   pnpm --filter @attend/benchmarks translation-en-ja
 *
 * `--pairs DIR` only writes train.jsonl and dev.jsonl, which the shipped model was trained with. `--model DIR` and
 * `--training FILE` name another model and how it was trained; `--out DIR` is where PyTorch keeps its checkpoint
 * (default runs/en-ja-torch): the same command goes on after Ctrl-C. PYTHON names a Python with torch, THREADS how
 * many threads it gets.
 */
import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { splitBySource } from "@attend/datasets";
import { scoreChrf, scoreSacreBleu } from "@attend/metrics";
import { saveWeights } from "@attend/nn";
import { createRandom, loadEngine } from "@attend/runtime";
import { createNetwork, encodeSource, special, Translator, translators } from "@attend/translator";
import { encodePairs, planEpoch } from "../../../apps/translation/src/dataset.ts";
import { readTrainingConfig } from "../../../apps/translation/src/training-config.ts";
import { givenPath } from "../../support/given-path.ts";
import { describeMachine, printMachine, python, threadLimits } from "../../support/machine.ts";
import { type EnJa, readEnJa } from "./pairs.ts";

const shipped = fileURLToPath(new URL("../../../models/translator-en-ja/", import.meta.url));
const { values: flags } = parseArgs({
  options: {
    pairs: { type: "string" },
    model: { type: "string" },
    training: { type: "string" },
    out: { type: "string" },
  },
});
const data = await readEnJa();
if (flags.pairs === undefined) await compare(data);
else await writePairs(data, givenPath(flags.pairs));

async function writePairs({ train, dev }: EnJa, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, pairs] of Object.entries({ train, dev })) {
    const lines = pairs.map((pair) => `${JSON.stringify(pair)}\n`);
    await writeFile(join(folder, `${name}.jsonl`), lines.join(""));
    console.log(`${join(folder, `${name}.jsonl`)}: ${pairs.length} pairs`);
  }
}

async function compare({ train, dev }: EnJa): Promise<void> {
  const machine = describeMachine();
  Object.assign(process.env, threadLimits, { TF_CPP_MIN_LOG_LEVEL: "2" });
  const { library } = await loadEngine({ engine: "native" });
  printMachine(machine, [library]);
  const folder = flags.model === undefined ? shipped : givenPath(flags.model);
  const training = await readTrainingConfig(
    flags.training === undefined ? join(shipped, "training.json") : givenPath(flags.training),
  );
  const model = await translators.load(folder);
  const { tokens: vocabularies } = model;
  const out = flags.out === undefined ? defaultOut() : givenPath(flags.out);
  await mkdir(out, { recursive: true });
  // As `attend-translate train` holds some out.
  const { train: pairs } = splitBySource(train, { heldOut: 500, seed: 1 });
  const { examples } = encodePairs(pairs, vocabularies, training.model.maxTokens);
  const random = createRandom(training.training.seed);
  const { tokensPerBatch, labelSmoothing } = training;
  const epochs = training.training.epochs ?? 1;
  const first = createNetwork(model.config.network, vocabularies, random);
  await saveWeights(first, join(out, "first.safetensors"));
  first.dispose();
  const task = {
    ...{ special, labelSmoothing, network: model.config.network, training: training.training },
    decoding: model.config.decoding,
    vocabularySize: vocabularies.source.size,
    examples,
    plan: Array.from({ length: epochs }, () => planEpoch(examples, { tokensPerBatch, random })),
    sources: dev.map(({ source }) => encodeSource(source, vocabularies)),
  };
  await writeFile(join(out, "task.json"), JSON.stringify(task));
  await trainByTorch(out);
  const tokens: number[][] = JSON.parse(await readFile(join(out, "translations.json"), "utf8"));
  const theirs = tokens.map((ids) => vocabularies.target.decode(ids).trim());
  const translator = new Translator(model);
  const found = await translator.translateAll(dev.map(({ source }) => source));
  translator.close();
  const references = dev.map(({ target }) => target);
  console.log("| small_parallel_enja, dev | BLEU (characters) | chrF |\n| --- | ---: | ---: |");
  for (const [name, said] of [
    ["Attend", found.map(({ text }) => text)] as const,
    ["PyTorch", theirs] as const,
  ]) {
    const bleu = scoreSacreBleu(said, references, { tokenizer: "char" });
    const chrf = scoreChrf(said, references);
    console.log(`| ${name} | ${bleu.score.toFixed(2)} | ${chrf.score.toFixed(2)} |`);
  }
}

async function trainByTorch(out: string): Promise<void> {
  const script = fileURLToPath(new URL("torch_training.py", import.meta.url));
  const child = spawn(python, [script, out], {
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    stdio: "inherit",
  });
  const code = await new Promise((done) => child.once("close", done));
  if (code !== 0) throw new Error(`${python} ${script} ended with ${code}: see above`);
}

function defaultOut(): string {
  return fileURLToPath(new URL("../../../runs/en-ja-torch", import.meta.url));
}
