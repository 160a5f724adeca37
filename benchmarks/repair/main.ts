/**
 * How well texts are repaired: punctuation and capitals that were taken away, misspelled words, and how many words of
 * correct text are changed.
 *
 *   pnpm --filter @attend/benchmarks repair [--data ../shared/data] [--language en] [--model FOLDER] [--text FILE...] [--misspellings 500]
 *
 * Captions of Multi30k's validation part, four at a time; `--text` measures further texts as streams of about 2,000 words.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readAllLines, readMisspellings } from "@attend/datasets";
import { loadRepairer, type Repairer, scoreTexts } from "@attend/text-repair";
import { userPath } from "../support/user-path.ts";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: process.env["ATTEND_DATA"] ?? "../shared/data" },
    language: { type: "string", default: "en" },
    model: { type: "string" },
    text: { type: "string", multiple: true, default: [] },
    misspellings: { type: "string", default: "500" },
  },
});
const onlySpelling = { numbers: false, punctuation: false, casing: false } satisfies Parameters<
  Repairer["repair"]
>[1];

const { language } = flags;
const data = userPath(flags.data);
const repairer = await loadRepairer({ language, model: flags.model && userPath(flags.model) });
const captions = (await readAllLines(join(data, `multi30k/val.${language}.gz`))).filter(Boolean);

console.log("| text | words | micro F1 | comma | period | question | casing |");
console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
const groups = captions.flatMap((_, i) =>
  i % 4 === 0 ? [captions.slice(i, i + 4).join(" ")] : [],
);
await scorePunctuation("Multi30k val, 4 captions joined", groups);
for (const file of flags.text) {
  await scorePunctuation(file, streamsOf(await readAllLines(userPath(file))));
}
await measureHarm(captions);
if (language === "en") await measureSpelling();
repairer.dispose();

async function scorePunctuation(name: string, texts: readonly string[]): Promise<void> {
  const pairs: { found: string; expected: string }[] = [];
  for (const expected of texts) {
    const { text: found } = await repairer.repair(withoutMarks(expected), {
      spelling: false,
      numbers: false,
    });
    pairs.push({ found, expected });
  }
  const { punctuation, casing } = scoreTexts(pairs, language);
  const { comma, period, question } = punctuation.marks;
  const scores = [punctuation.micro, comma, period, question].map(({ f1 }) => f1.toFixed(3));
  const words = texts.reduce((sum, text) => sum + text.split(/\s+/).length, 0);
  console.log(`| ${name} | ${words} | ${[...scores, casing.toFixed(4)].join(" | ")} |`);
}

/** Lines joined; a blank one, or 12,000 characters, end a stream. */
function streamsOf(lines: readonly string[]): string[] {
  const streams = [""];
  for (const line of lines) {
    const last = streams.at(-1) ?? "";
    if (line.trim() === "" || last.length > 12_000) streams.push(line);
    else streams[streams.length - 1] = `${last} ${line}`;
  }
  return streams.map((text) => text.trim()).filter((text) => text !== "");
}

/** Lower case, without punctuation except within words and numbers. */
function withoutMarks(text: string): string {
  return text
    .toLowerCase()
    .replace(/[.,:](?!\d)|[;!?…"“”„()[\]—–]|--|(?<![\p{L}\p{N}])['’‘-]|['’](?![\p{L}\p{N}])/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** Of correct text, what is changed. */
async function measureHarm(texts: readonly string[]): Promise<void> {
  const counts = new Map<string, number>();
  let words = 0;
  for (const text of texts) {
    words += text.split(/\s+/).length;
    for (const { reason } of (await repairer.repair(text)).changes) {
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
  }
  const all = [...counts].map(([reason, count]) => `${reason} ${count}`).join(", ");
  console.log(`\nChanges of the same captions as they are, ${words} words: ${all || "none"}`);
}

async function measureSpelling(): Promise<void> {
  const { validation } = await readMisspellings(join(data, "text/spell-errors.txt.gz"));
  const every = Math.ceil(validation.length / Number(flags.misspellings));
  const measured = validation.filter((_, i) => i % every === 0);
  let [right, wrong, left] = [0, 0, 0];
  for (const [word, typo] of measured) {
    const { text } = await repairer.repair(typo, onlySpelling);
    if (text === word) right++;
    else if (text === typo) left++;
    else wrong++;
  }
  const share = (count: number) => `${((100 * count) / measured.length).toFixed(1)} %`;
  console.log(
    `\nMisspelled words by themselves, ${measured.length}: ${share(right)} right, ${share(wrong)} wrong, ${share(left)} left as they are`,
  );
}
