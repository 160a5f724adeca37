/**
 * Trains a hierarchical dialogue network and a plain one on the same conversations and vocabulary, and compares their
 * perplexity on conversations that were held out, and how varied their replies are.
 *
 *   pnpm --filter @attend/benchmarks dialogue
 *
 * `--share 0.1` trains on a tenth of the conversations, `--dev-share` measures on a part of those held out. `--epochs` (1)
 * and `--seconds` limit the training of each network; `--size` (256) is its units and embedding, `--vocabulary` (8000) its
 * tokens, `--turns` (3) the turns it attends to, `--batch` (2000) the tokens of a batch. `--kinds hierarchical,plain`
 * selects networks, `--sgd` adds SGD's exchanges. Everything is written to `--out DIR` (default: runs/dialogue), from which
 * the same command continues after Ctrl-C; samples are in DIR/KIND/conversations.txt.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createTrainingProgress } from "@attend/cli-kit";
import { createDialogue, dialoguePreset, dialogueTask, measureDialogue } from "@attend/dialogue";
import { loadWeights } from "@attend/nn";
import { createRandom, loadEngine } from "@attend/runtime";
import { tokenize } from "@attend/text";
import { parseTrainingConfig, train } from "@attend/training";
import { describeMachine, printMachine } from "../support/machine.ts";
import { runResumable } from "../support/resumable.ts";
import { userPath } from "../support/user-path.ts";
import { type DialogueData, readDialogues } from "./data.ts";
import { manners, talk, varietyOf } from "./talk.ts";

const { values: flags } = parseArgs({
  options: {
    share: { type: "string", default: "1" },
    "dev-share": { type: "string", default: "1" },
    epochs: { type: "string", default: "1" },
    seconds: { type: "string" },
    size: { type: "string", default: "256" },
    vocabulary: { type: "string", default: "8000" },
    turns: { type: "string", default: "3" },
    batch: { type: "string", default: "2000" },
    kinds: { type: "string", default: "hierarchical,plain" },
    sgd: { type: "boolean", default: false },
    out: { type: "string" },
  },
});
const out =
  flags.out === undefined
    ? fileURLToPath(new URL("../../runs/dialogue", import.meta.url))
    : userPath(flags.out);
const maxTokens = 40;

await runResumable(async (signal) => {
  const machine = describeMachine();
  const { library } = await loadEngine({ engine: "native" });
  printMachine(machine, [library]);
  const data = await readDialogues({
    share: Number(flags.share),
    devShare: Number(flags["dev-share"]),
    vocabularySize: Number(flags.vocabulary),
    sgd: flags.sgd,
  });
  const count = data.train.flat().reduce((sum, turn) => sum + turn.length + 1, 0);
  const number = (value: number) => value.toLocaleString("en");
  console.log(
    `${number(data.train.length)} conversations, ${number(count)} tokens of ${number(data.tokenizer.size)}`,
  );
  const rows = [];
  for (const kind of flags.kinds.split(",")) rows.push(...(await measure(kind, data, signal)));
  console.log(`\n${[header, ...rows].join("\n")}`);
});

const header = `| network | parameters | minutes | set | perplexity per token | per word | ${Object.keys(
  manners,
)
  .map((name) => `distinct-1, -2, ${name}`)
  .join(" | ")} |
| --- | ---: | ---: | --- | ---: | ---: |${" --- |".repeat(Object.keys(manners).length)}`;

/** The rows of a network, one for each set. */
async function measure(kind: string, data: DialogueData, signal: AbortSignal): Promise<string[]> {
  const { special, sets } = data;
  const size = Number(flags.size);
  const network = createDialogue(
    {
      kind: kind === "plain" ? "plain" : "hierarchical",
      turns: Number(flags.turns),
      network: { ...dialoguePreset, embeddingSize: size, hiddenSize: size },
      vocabularySize: data.tokenizer.size,
      end: special.end,
    },
    createRandom(1),
  );
  const config = parseTrainingConfig(
    {
      epochs: Number(flags.epochs),
      ...(flags.seconds !== undefined && { maxSeconds: Number(flags.seconds) }),
      optimizer: { name: "adam", learningRate: 2e-3, beta2: 0.99 },
      schedule: { name: "cosine", warmupSteps: 200, minLearningRateRatio: 0.02 },
      clipNorm: 1,
      keepBest: { metric: "loss", mode: "min" },
      tensorboard: false,
    },
    "training",
  );
  const [first] = sets;
  const limits = { special, maxTokens };
  const task = dialogueTask(network, data.train, {
    ...limits,
    tokensPerBatch: Number(flags.batch),
  });
  const progress = createTrainingProgress({ quiet: false, metrics: ["loss"] });
  const folder = join(out, kind);
  const result = await train(network, task, config, {
    ...{ out: folder, resume: true, signal, onEvent: progress.event },
    async validate() {
      const tokens = first?.tokens.slice(0, 200) ?? [];
      const { nats, tokens: measured } = await measureDialogue(network, tokens, {
        ...limits,
        signal,
      });
      return { loss: nats / measured };
    },
  }).finally(progress.stop);
  await loadWeights(network, result.paths.best);
  const rows: string[] = [];
  for (const { name, texts, tokens } of sets) {
    const all = { special, maxTokens: 100, signal };
    const { nats, tokens: measured } = await measureDialogue(network, tokens, all);
    const words = texts.flatMap((turns) => turns.slice(1).map((turn) => tokenize(turn).length + 1));
    const total = words.reduce((sum, each) => sum + each, 0);
    const histories = tokens.slice(0, 200).map((turns) => turns.slice(0, -1));
    const variety: string[] = [];
    for (const manner of Object.values(manners)) {
      const [one, two] = await varietyOf(network, data, histories, manner);
      variety.push(`${one.toFixed(3)}, ${two.toFixed(3)}`);
    }
    const perplexities = [nats / measured, nats / total].map((each) => Math.exp(each).toFixed(2));
    const minutes = (result.seconds / 60).toFixed(1);
    const parameters = network.parameterCount().toLocaleString("en");
    rows.push(`| ${[kind, parameters, minutes, name, ...perplexities, ...variety].join(" | ")} |`);
  }
  const conversations: string[] = [];
  for (const [index, turns] of (first?.tokens ?? []).slice(0, 50).entries()) {
    const said = await talk(network, data, turns[0] ?? [], { turns: 8, seed: index });
    conversations.push(said.map((turn, i) => `${i % 2 === 0 ? "A" : "B"}: ${turn}`).join("\n"));
  }
  await writeFile(join(folder, "conversations.txt"), `${conversations.join("\n\n")}\n`);
  network.dispose();
  return rows;
}
