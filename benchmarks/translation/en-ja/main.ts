/**
 * Compares the shipped English-to-Japanese model with a PyTorch Transformer of the same size, vocabulary, pairs and
 * training on the dev split of small_parallel_enja, which neither was trained on.
 *
 *   pnpm --filter @attend/benchmarks translation-en-ja
 *
 * `--pairs DIR` only writes train.jsonl and dev.jsonl, on which the shipped model was trained. `--model DIR` and
 * `--training FILE` select another model and its training config; `--out DIR` is where PyTorch stores its checkpoint
 * (default: runs/en-ja-torch), from which the same command continues after Ctrl-C. PYTHON selects a Python with torch,
 * THREADS its number of threads.
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
import { describeMachine, printMachine, python, threadLimits } from "../../support/machine.ts";
import { userPath } from "../../support/user-path.ts";
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
else await writePairs(data, userPath(flags.pairs));

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
  const folder = flags.model === undefined ? shipped : userPath(flags.model);
  const training = await readTrainingConfig(
    flags.training === undefined ? join(shipped, "training.json") : userPath(flags.training),
  );
  const model = await translators.load(folder);
  const { tokens: tokenizers } = model;
  const out = flags.out === undefined ? defaultOut() : userPath(flags.out);
  await mkdir(out, { recursive: true });
  // The same split as in `attend-translate train`.
  const { train: pairs } = splitBySource(train, { heldOut: 500, seed: 1 });
  const { examples } = encodePairs(pairs, tokenizers, training.model.maxTokens);
  const random = createRandom(training.training.seed);
  const { tokensPerBatch, labelSmoothing } = training;
  const epochs = training.training.epochs ?? 1;
  const initial = createNetwork(model.config.network, tokenizers, random);
  await saveWeights(initial, join(out, "first.safetensors"));
  initial.dispose();
  const task = {
    ...{ special, labelSmoothing, network: model.config.network, training: training.training },
    decoding: model.config.decoding,
    vocabularySize: tokenizers.source.size,
    examples,
    plan: Array.from({ length: epochs }, () => planEpoch(examples, { tokensPerBatch, random })),
    sources: dev.map(({ source }) => encodeSource(source, tokenizers)),
  };
  await writeFile(join(out, "task.json"), JSON.stringify(task));
  await trainByTorch(out);
  const tokens: number[][] = JSON.parse(await readFile(join(out, "translations.json"), "utf8"));
  const theirs = tokens.map((ids) => tokenizers.target.decode(ids).trim());
  const translator = new Translator(model);
  const found = await translator.translateAll(dev.map(({ source }) => source));
  translator.close();
  const references = dev.map(({ target }) => target);
  console.log("| small_parallel_enja, dev | BLEU (characters) | chrF |\n| --- | ---: | ---: |");
  for (const [name, translations] of [
    ["Attend", found.map(({ text }) => text)] as const,
    ["PyTorch", theirs] as const,
  ]) {
    const bleu = scoreSacreBleu(translations, references, { tokenizer: "char" });
    const chrf = scoreChrf(translations, references);
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
  if (code !== 0) throw new Error(`${python} ${script} exited with ${code}: see above`);
}

function defaultOut(): string {
  return fileURLToPath(new URL("../../../runs/en-ja-torch", import.meta.url));
}
