/**
 * Writes examples of small talk and of questions, from which models/chat-attend/small-talk is trained, to
 * DIR/train.tsv and DIR/validation.tsv.
 *
 *   pnpm --filter @attend/benchmarks small-talk-examples --out DIR
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  findData,
  readConversations,
  readFaq,
  readFaqQuestions,
  readLabeledTexts,
} from "@attend/datasets";
import { createRandom } from "@attend/runtime";
import { asksFacts, smallTalk } from "../../apps/chatbot-qa/src/small-talk.ts";
import { userPath } from "../support/user-path.ts";

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const dataFile = (folder: string, name: string) => join(findData(folder, [name]), name);
const { values: flags } = parseArgs({ options: { out: { type: "string", default: "." } } });
const random = createRandom(1);
const question = "question";

/** The intents of CLINC150 that are small talk, and those that are in between. */
const social = new Set(
  "greeting goodbye thank_you how_old_are_you what_is_your_name are_you_a_bot where_are_you_from who_made_you what_are_your_hobbies do_you_have_pets tell_joke".split(
    " ",
  ),
);
const between = new Set("meaning_of_life fun_fact what_can_i_ask_you yes no maybe".split(" "));

const { conversations } = await readConversations(dataFile("dialog", "self-dialogue.tsv.gz"));
const turns = conversations
  .flat()
  .filter((turn) => turn.split(/\s+/).length <= 16 && !asksFacts.test(turn));
const { examples } = await readLabeledTexts(dataFile("intents", "clinc150_train.tsv.gz"));
const tasks = examples.filter(({ intent }) => !social.has(intent) && !between.has(intent));
const { pairs } = await readFaq(root("docs/faq.md"));
const wordings = await readFaqQuestions(root("models/chat-attend/wordings.tsv"));
const others = await readFile(root("models/chat-attend/small-talk/questions.txt"), "utf8");
const known = [
  ...pairs.flatMap(({ questions }) => questions),
  ...wordings.questions.map((each) => each.question),
  ...others.trim().split("\n"),
];

const texts = {
  [smallTalk]: [
    ...random.shuffle(turns).slice(0, 4000),
    ...examples.filter(({ intent }) => social.has(intent)).map(({ text }) => text),
  ],
  [question]: [
    ...random.shuffle(tasks.map(({ text }) => text)).slice(0, 4000),
    // They are few, and must be told apart.
    ...Array.from({ length: 5 }, () => known).flat(),
  ],
};
const rows = Object.entries(texts).flatMap(([intent, all]) =>
  all.map((text) => `${text.replace(/\s+/g, " ")}\t${intent}`),
);
const shuffled = random.shuffle(rows);
const cut = Math.round(shuffled.length / 10);
const parts = { validation: shuffled.slice(0, cut), train: shuffled.slice(cut) };
const out = userPath(flags.out);
await mkdir(out, { recursive: true });
for (const [name, part] of Object.entries(parts)) {
  await writeFile(join(out, `${name}.tsv`), `${["text\tintent", ...part].join("\n")}\n`);
}
