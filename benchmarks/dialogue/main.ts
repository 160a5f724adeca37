/**
 * Trains a hierarchical dialogue network and a plain one by `attend-chat train --dialogue`, for as many steps on the same
 * conversations, and compares their perplexity on conversations that were held out, and how varied their replies are.
 *
 *   pnpm --filter @attend/benchmarks dialogue
 *
 * `--steps` (default: the config's) is the length of each training, `--held-out` (0.02) the share of conversations to measure
 * on, `--config FILE` (default: that of models/chat-small-talk) how to train, `--data FILE` (default: the self-dialogue corpus) the
 * conversations. `--kinds hierarchical,plain` selects networks, `--model DIR` measures another model instead. Everything
 * is written to `--out DIR` (default: runs/dialogue), from which the same command continues after Ctrl-C.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createTrainingProgress } from "@attend/cli-kit";
import {
  type Conversation,
  findData,
  readConversations,
  splitConversations,
} from "@attend/datasets";
import { measureDialogue } from "@attend/dialogue";
import { loadEngine } from "@attend/runtime";
import { tokenize } from "@attend/text";
import { dialogueModels, framed } from "../../apps/chatbot-qa/src/dialogue/model.ts";
import {
  readDialogueTraining,
  trainDialogue,
} from "../../apps/chatbot-qa/src/dialogue/training.ts";
import { describeMachine, printMachine } from "../support/machine.ts";
import { runResumable } from "../support/resumable.ts";
import { userPath } from "../support/user-path.ts";
import { manners, varietyOf } from "./variety.ts";

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const name = "self-dialogue.tsv.gz";
const { values: flags } = parseArgs({
  options: {
    steps: { type: "string" },
    "held-out": { type: "string", default: "0.02" },
    config: { type: "string", default: root("models/chat-small-talk/training.json") },
    data: { type: "string" },
    model: { type: "string" },
    kinds: { type: "string", default: "hierarchical,plain" },
    out: { type: "string", default: root("runs/dialogue") },
  },
});

await runResumable(async (signal) => {
  const machine = describeMachine();
  const { library } = await loadEngine({ engine: "native" });
  printMachine(machine, [library]);
  const file =
    flags.data === undefined ? join(findData("dialog", [name]), name) : userPath(flags.data);
  const { conversations } = await readConversations(file);
  const split = splitConversations(conversations, { heldOut: Number(flags["held-out"]), seed: 1 });
  const rows: (readonly string[])[] = [];
  if (flags.model !== undefined) {
    rows.push(["as given", "", ...(await measure(userPath(flags.model), split.heldOut, signal))]);
  } else {
    for (const kind of ["hierarchical", "plain"] as const) {
      if (!flags.kinds.split(",").includes(kind)) continue;
      const { folder, seconds } = await trained(kind, split, signal);
      const measured = await measure(folder, split.heldOut, signal);
      rows.push([kind, (seconds / 60).toFixed(1), ...measured]);
    }
  }
  const columns = Object.keys(manners).map((manner) => `distinct-1, -2, ${manner}`);
  const titles = ["network", "minutes", "parameters", "perplexity per token", "per word"];
  const aligned = ["---", ...titles.slice(1).map(() => "---:"), ...columns.map(() => "---")];
  console.log(`\n${[[...titles, ...columns], aligned, ...rows].map(rowOf).join("\n")}`);
});

/** Trains a network of this kind, unless that is already done. */
async function trained(
  kind: "hierarchical" | "plain",
  { train, heldOut }: { train: readonly Conversation[]; heldOut: readonly Conversation[] },
  signal: AbortSignal,
): Promise<{ folder: string; seconds: number }> {
  const { model, training, ...rest } = await readDialogueTraining(userPath(flags.config));
  // The plain network reads each turn again for each reply to it.
  const network = { ...model.network, kind, ...(kind === "plain" && { turns: 3 }) };
  const { steps } = flags;
  const config = {
    ...{ ...rest, model: { ...model, network } },
    training: { ...training, ...(steps !== undefined && { maxSteps: Number(steps) }) },
  };
  const progress = createTrainingProgress({ quiet: false, metrics: ["loss"] });
  const out = join(userPath(flags.out), kind);
  const { seconds } = await trainDialogue({
    ...{ config, conversations: train, validation: heldOut, out, resume: true, signal },
    onEvent: progress.event,
  }).finally(progress.stop);
  return { folder: join(out, "model"), seconds };
}

/** Parameters, perplexities and variety of a model. */
async function measure(
  folder: string,
  heldOut: readonly Conversation[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const model = await dialogueModels.load(folder);
  const { network, tokens } = model;
  const encoded = heldOut.map((turns) => turns.map((turn) => tokens.encode(turn)));
  const special = framed(tokens);
  const measured = await measureDialogue(network, encoded, { special, maxTokens: 200, signal });
  const words = heldOut
    .flatMap((turns) => turns.slice(1))
    .reduce((sum, turn) => sum + tokenize(turn).length + 1, 0);
  const variety = await varietyOf(model, encoded.slice(0, 60));
  const parameters = network.parameterCount().toLocaleString("en");
  network.dispose();
  const perplexities = [measured.tokens, words].map((count) =>
    Math.exp(measured.nats / count).toFixed(1),
  );
  return [parameters, ...perplexities, ...variety];
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
