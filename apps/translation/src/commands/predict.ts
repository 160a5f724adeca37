import { existsSync, statSync } from "node:fs";
import { Readable } from "node:stream";
import { styleText } from "node:util";
import { decimalNumber, wholeNumber, writeJsonLine, writeLine } from "@attend/cli-kit";
import type { EngineName } from "@attend/runtime";
import { AttendError } from "@attend/runtime/errors";
import { absentMessage, writeFileAtomic } from "@attend/runtime/files";
import type { TranslateOptions, Translation, Translator } from "@attend/translator";
import { Command, Option } from "commander";
import { languageOption } from "./language-option.ts";

interface TranslateFlags {
  readonly from?: string;
  readonly to?: string;
  readonly beam?: number;
  readonly lengthPenalty?: number;
  readonly coveragePenalty?: number;
  readonly noRepeatNgram?: number;
  readonly minLength?: number;
  readonly nBest?: number;
  readonly json: boolean;
  readonly attention?: string | true;
  readonly about?: true;
  readonly batch: number;
  readonly model?: string;
  readonly engine?: EngineName;
  readonly quiet: boolean;
}

const examples = `
Examples:
  translate "A man is riding a bicycle."              English to German
  translate --from de "Ein Hund rennt."               German to English
  translate --to ja letter.txt                        a file, line by line, to Japanese
  cat letter.txt | translate --to fr > lettre.txt     as the lines come
  translate "Two dogs play." --n-best 3 --json        with scores and tokens
  translate "Two dogs play." --attention              what each word looked at, on the terminal
  translate "Two dogs play." --attention looked.png   the same as a picture
  translate --model runs/translation/model -          a model of one's own
  translate --to fr --about                           what that model can do
  translate -- "-18 degrees"                          a text that begins with a dash

Numbers, addresses, file names, tags, placeholders and signs come through as they are. On a terminal a note tells
which lines are far from what the model has learned; with --json, "confident" does.`;

/** `translate`: what the program does where no command is named. */
export function translateCommand(): Command {
  return new Command("text")
    .description(
      "translate a text, a file or what comes on stdin, line by line (the default command)",
    )
    .argument("[text...]", "a text, a file (also .gz), or - for stdin (the default)")
    .optionsGroup("What to translate:")
    .addOption(
      new Option("--from <language>", "of the text (default: en)").argParser(languageOption),
    )
    .addOption(
      new Option("--to <language>", "of the translation (default: de)").argParser(languageOption),
    )
    .optionsGroup("How to choose the words:")
    .addOption(
      new Option("--beam <n>", "beginnings that go on; 1: greedy (default: the model's)").argParser(
        wholeNumber({ min: 1, max: 100 }),
      ),
    )
    .addOption(
      new Option("--length-penalty <alpha>", "above 0 prefers longer ones").argParser(
        decimalNumber({ min: 0, max: 10 }),
      ),
    )
    .addOption(
      new Option(
        "--coverage-penalty <beta>",
        "above 0 prefers those that leave nothing out",
      ).argParser(decimalNumber({ min: 0, max: 10 })),
    )
    .addOption(
      new Option(
        "--no-repeat-ngram <n>",
        "no run of so many tokens twice; 0 allows all (default: the model's, 3)",
      ).argParser(wholeNumber({ min: 0, max: 100 })),
    )
    .addOption(
      new Option("--min-length <n>", "tokens that a sentence has at least").argParser(
        wholeNumber({ min: 0, max: 1000 }),
      ),
    )
    .addOption(
      new Option("--n-best <n>", "translations of each line: number, rank, score, text").argParser(
        wholeNumber({ min: 1, max: 100 }),
      ),
    )
    .optionsGroup("Options:")
    .option("--json", "a line of JSON each: source, text, confident, protected, tokens, ...", false)
    .option("--attention [file.png]", "what each word looked at: on the terminal, or as a picture")
    .addOption(
      new Option("--batch <n>", "lines that are translated side by side")
        .argParser(wholeNumber({ min: 1, max: 4096 }))
        .default(64),
    )
    .option("--model <folder>", "as `translate train` writes it (default: one that is shipped)")
    .option("--about", "say what the model can do, and translate nothing")
    .addOption(new Option("--engine <name>", "what computes").choices(["native", "wasm"]))
    .option("--quiet", "no notes on stderr", false)
    .addHelpText("after", examples)
    .action(translate);
}

async function translate(words: readonly string[], flags: TranslateFlags): Promise<void> {
  const { attention, from, to, model, engine, beam, nBest } = flags;
  if (beam !== undefined && nBest !== undefined && nBest > beam) {
    const message = `--n-best is ${nBest}, but --beam keeps ${beam}; give --beam ${nBest}, or leave it out`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  if (typeof attention === "string" && !attention.endsWith(".png")) {
    const message = `--attention writes a PNG picture, but was given "${attention}"; name a file that ends in .png, and put the text before it`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  if (flags.about) {
    const { aboutModel } = await import("@attend/translator");
    return writeLine(await aboutModel({ from, to, model }));
  }
  const input = await inputOf(words);
  const { loadTranslator } = await import("@attend/translator");
  const translator = await loadTranslator({ from, to, model, engine });
  try {
    await translateLines(translator, input, flags);
  } finally {
    translator.close();
  }
}

async function translateLines(
  translator: Translator,
  input: AsyncIterable<Uint8Array>,
  flags: TranslateFlags,
): Promise<void> {
  const { groupsOfLines } = await import("../lines.ts");
  const options: TranslateOptions = {
    beamWidth: flags.beam,
    lengthPenalty: flags.lengthPenalty,
    coveragePenalty: flags.coveragePenalty,
    noRepeatNgram: flags.noRepeatNgram,
    minLength: flags.minLength,
    nBest: flags.nBest,
    attention: flags.attention !== undefined,
    batchSize: flags.batch,
  };
  let number = 0;
  for await (const lines of groupsOfLines(input, 4 * flags.batch)) {
    const texts = lines.map((line) => ("text" in line ? line.text : ""));
    const translations = await translator.translateAll(texts, options);
    for (const [i, translation] of translations.entries()) {
      number++;
      const line = lines[i];
      if (line !== undefined && "error" in line) {
        process.stderr.write(`error: ${line.error.message}\n`);
        process.exitCode = 1;
      }
      await show(translation, number, flags);
      if (!flags.quiet) note(translation, number);
    }
  }
}

async function show(
  translation: Translation,
  number: number,
  { json, nBest = 1, attention }: TranslateFlags,
): Promise<void> {
  if (json) await writeJsonLine(translation);
  else if (nBest === 1) await writeLine(translation.text);
  else {
    for (const [i, { score, text }] of translation.alternatives.entries()) {
      await writeLine(`${number}\t${i + 1}\t${score.toFixed(3)}\t${text}`);
    }
  }
  const alignments = translation.alignments ?? [];
  if (attention === true && !json) {
    const { formatAlignment } = await import("../alignment/text.ts");
    for (const alignment of alignments) await writeLine(`${formatAlignment(alignment)}\n`);
  } else if (typeof attention === "string") {
    await writePictures(translation, attention);
  }
}

/** Says on stderr what a reader should know of a translation; what is only a doubt, on a terminal alone. */
function note({ protected: spans, confident }: Translation, number: number): void {
  const words = spans.filter(({ kind }) => kind === "word").map(({ text }) => text);
  if (words.length > 0) {
    process.stderr.write(
      `warning: line ${number} has words that the model cannot read; they are left: ${words.join(", ").slice(0, 80)}\n`,
    );
  }
  if (confident || !process.stderr.isTTY) return;
  const text = `line ${number} is far from what the model has learned; do not rely on it (--about tells what it can do)`;
  process.stderr.write(`${styleText("dim", text)}\n`);
}

let pictures = 0;

/** The first one under the name that was asked for, others numbered. */
async function writePictures({ alignments = [] }: Translation, file: string): Promise<void> {
  const { drawAlignment } = await import("../alignment/picture.ts");
  for (const alignment of alignments) {
    if (alignment.target.length === 0) continue;
    pictures++;
    const path = pictures === 1 ? file : file.replace(/\.png$/, `-${pictures}.png`);
    await writeFileAtomic(path, await drawAlignment(alignment));
    process.stderr.write(`${path}\n`);
  }
}

/**
 * What the arguments name: a file where one is there by that name, stdin, or the text itself.
 *
 * @throws AttendError for what cannot be one: before anything is loaded
 */
async function inputOf(words: readonly string[]): Promise<AsyncIterable<Uint8Array>> {
  const [first = "-"] = words;
  const files = words.filter((word) => existsSync(word));
  if (words.length > 1 && files.length > 0 && words.every((word) => isPath(word))) {
    const message = `${words.length} files were given, but one is translated at a time; try: cat ${words.join(" ")} | translate`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const text = words.length > 1 ? words.join(" ") : first;
  const { readUtf8 } = await import("@attend/datasets");
  const limits = { maxBytes: Number.POSITIVE_INFINITY };
  if (text === "-") return readUtf8({ stream: process.stdin, name: "stdin" }, limits);
  if (!existsSync(text)) {
    checkText(text);
    return Readable.from([Buffer.from(`${text}\n`)]);
  }
  if (statSync(text).isDirectory()) {
    throw new AttendError("BAD_ARGUMENT", `${text} is a folder; name a file in it`);
  }
  return readUtf8(text, limits);
}

/** Whether a word looks like a file's name. */
function isPath(word: string): boolean {
  return existsSync(word) || (/^\S+$/.test(word) && /^(~|\.{0,2}\/)|\w\.[a-z]\w{0,4}$/i.test(word));
}

function checkText(text: string): void {
  if (/^(?:https?|ftp|file):\/\/\S*$/i.test(text)) {
    const message = `${text} is an address, and this program fetches nothing; save the page's text and give its file`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  if (!isPath(text)) return;
  const remedy = "check the path, or give it by stdin if it is the text itself";
  throw new AttendError("FILE_NOT_FOUND", absentMessage(text, remedy));
}
