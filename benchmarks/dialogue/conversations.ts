/**
 * Writes docs/conversations.md: fifty conversations of the shipped model with itself, each after the first turn of a
 * conversation that was held out, with the verdicts of verdicts.tsv. Prints how varied the replies are.
 *
 *   pnpm --filter @attend/benchmarks conversations
 *
 * `--model DIR` lets another model talk, `--out FILE` writes another page.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findData, readConversations, splitConversations } from "@attend/datasets";
import type { Turn } from "@attend/dialogue";
import { distinctNgrams } from "@attend/metrics";
import { createRandom, loadEngine, type Random } from "@attend/runtime";
import { tokenize } from "@attend/text";
import { dialogueModels } from "../../apps/chatbot-qa/src/dialogue/model.ts";
import { speak } from "../../apps/chatbot-qa/src/dialogue/speak.ts";
import { userPath } from "../support/user-path.ts";

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const name = "self-dialogue.tsv.gz";
const turns = 6;
const { values: flags } = parseArgs({
  options: {
    model: { type: "string", default: root("models/chat-small-talk") },
    out: { type: "string", default: root("docs/conversations.md") },
  },
});

await loadEngine({ engine: "native" });
const { conversations } = await readConversations(join(findData("dialog", [name]), name));
const { heldOut } = splitConversations(conversations, { heldOut: 0.02, seed: 1 });
const openings = createRandom(3).shuffle(heldOut).slice(0, 50);
const model = await dialogueModels.load(userPath(flags.model));
const { network, tokens } = model;
const verdicts = (await readFile(new URL("verdicts.tsv", import.meta.url), "utf8")).split("\n");

const talks: string[] = [];
const replies: string[][] = [];
for (const [index, [opening = ""]] of openings.entries()) {
  const said = await talk(tokens.encode(opening), createRandom(index));
  const texts = said.map((turn) => tokens.decode(turn));
  replies.push(...texts.slice(1).map((text) => tokenize(text)));
  const lines = texts.map((text, i) => `${i % 2 === 0 ? "**A**" : "**B**"} ${text}`);
  const [verdict = "", remark = ""] = (verdicts[index] ?? "").split("\t");
  talks.push(`### ${index + 1}: ${verdict}\n\n${lines.join("\\\n")}\n\n${remark}`);
}
network.dispose();
const [one, two] = [1, 2].map((size) => distinctNgrams(replies, size).toFixed(3));
console.log(`distinct-1 ${one}, distinct-2 ${two}`);
const counts = ["good", "fair", "bad"].map(
  (verdict) => `${verdicts.filter((each) => each.startsWith(verdict)).length} ${verdict}`,
);
await writeFile(
  userPath(flags.out),
  `${head(counts.join(", "))}\n${talks.join("\n\n").trimEnd()}\n`,
);

/** What a network says in reply to an opening, and then to itself. */
async function talk(opening: Turn, random: Random): Promise<Turn[]> {
  const listener = network.listen();
  const said: Turn[] = [opening];
  listener.hear(opening);
  while (said.length < turns) {
    const answer: number[] = [];
    const speaking = speak(model, listener, { random, said });
    for await (const { token } of speaking) answer.push(token);
    listener.hear(answer);
    said.push(answer);
  }
  listener.dispose();
  return said;
}

function head(counts: string): string {
  return `# Conversations of the shipped model

What [chat-small-talk](../models/chat-small-talk) says to itself: A says the first turn of a conversation that it was not
trained on, and the rest is made up. None is left out. They were read and judged one by one: ${counts}. How
replies are chosen was settled by a first fifty with the same beginnings, so they may be a little better than others.

Made by \`pnpm --filter @attend/benchmarks conversations\`.
`;
}
