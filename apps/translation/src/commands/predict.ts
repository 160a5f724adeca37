import { existsSync, statSync } from "node:fs";
import { decimalNumber, wholeNumber, writeJsonLine, writeLine } from "@attend/cli-kit";
import type { EngineName } from "@attend/runtime";
import { AttendError } from "@attend/runtime/errors";
import { writeFileAtomic } from "@attend/runtime/files";
import { Command, Option } from "commander";
import type { TranslateOptions, Translation, Translator } from "../translator.ts";

interface TranslateFlags {
  readonly from?: string;
  readonly to?: string;
  readonly beam?: number;
  readonly lengthPenalty?: number;
  readonly coveragePenalty?: number;
  readonly nBest?: number;
  readonly json: boolean;
  readonly attention?: string | true;
  readonly batch: number;
  readonly model?: string;
  readonly engine?: EngineName;
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
  translate --model runs/translation/model -          a model of one's own`;

/** `translate`: what the program does where no command is named. */
export function translateCommand(): Command {
  return new Command("text")
    .description(
      "translate a text, a file or what comes on stdin, line by line (the default command)",
    )
    .argument("[text...]", "a text, a file, or - for stdin (the default)")
    .optionsGroup("What to translate:")
    .option("--from <language>", "of the text (default: en)")
    .option("--to <language>", "of the translation (default: de)")
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
      new Option("--n-best <n>", "translations of each line").argParser(
        wholeNumber({ min: 1, max: 100 }),
      ),
    )
    .optionsGroup("Options:")
    .option("--json", "a line of JSON each: source, text, score, tokens, alternatives", false)
    .option("--attention [file.png]", "what each word looked at: on the terminal, or as a picture")
    .addOption(
      new Option("--batch <n>", "lines that are translated side by side")
        .argParser(wholeNumber({ min: 1, max: 4096 }))
        .default(64),
    )
    .option("--model <folder>", "as `translate train` writes it (default: one that is shipped)")
    .addOption(new Option("--engine <name>", "what computes").choices(["native", "wasm"]))
    .addHelpText("after", examples)
    .action(translate);
}

async function translate(words: readonly string[], flags: TranslateFlags): Promise<void> {
  const { attention, from, to, model, engine } = flags;
  const text = words.join(" ");
  checkInput(text);
  if (typeof attention === "string" && !attention.endsWith(".png")) {
    const message = `--attention writes a PNG picture, but was given "${attention}"; name a file that ends in .png, and put the text before it`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const { loadTranslator } = await import("../load-translator.ts");
  const translator = await loadTranslator({ from, to, model, engine });
  try {
    const input = text === "-" || text === "" ? process.stdin : inputOf(text);
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
      if (translation.foreign) {
        process.stderr.write(
          `warning: line ${number} has letters or signs that the model does not know; they are left\n`,
        );
      }
      await show(translation, flags);
    }
  }
}

async function show(translation: Translation, { json, nBest = 1, attention }: TranslateFlags) {
  if (json) await writeJsonLine(translation);
  else if (nBest === 1) await writeLine(translation.text);
  else {
    for (const { score, text } of translation.alternatives) {
      await writeLine(`${score.toFixed(3)}\t${text}`);
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

/** A file where one is there by that name; else the text itself. */
async function* inputOf(text: string): AsyncGenerator<Uint8Array> {
  if (existsSync(text)) {
    const { readBytes } = await import("@attend/datasets");
    yield* readBytes(text, { maxBytes: Number.POSITIVE_INFINITY });
  } else yield Buffer.from(text);
}

/** @throws AttendError for what cannot be one: before anything is loaded */
function checkInput(text: string): void {
  const isPath = /^\S+$/.test(text) && /^(~|\.{0,2}\/)|\w\.[a-z]\w{0,4}$/i.test(text);
  if (!existsSync(text)) {
    if (!isPath) return;
    const message = `${text} does not exist; check the path, or give it by stdin if it is the text itself`;
    throw new AttendError("FILE_NOT_FOUND", message);
  }
  if (statSync(text).isDirectory()) {
    throw new AttendError("BAD_ARGUMENT", `${text} is a folder; name a file in it`);
  }
}
