import { existsSync, statSync } from "node:fs";
import { Readable } from "node:stream";
import { decimalOption, options, wholeOption, writeLine, writeNote } from "@attend/cli-kit";
import type { EngineName } from "@attend/runtime";
import { AttendError } from "@attend/runtime/errors";
import { absentMessage, isAddress } from "@attend/runtime/files";
import type { TranslateOptions, Translator } from "@attend/translator";
import { Command } from "commander";
import { noteTranslation, showTranslation } from "../present/translation.ts";
import { fromOption, toOption } from "./options.ts";

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
  readonly batch?: number;
  readonly model?: string;
  readonly engine?: EngineName;
  readonly quiet: boolean;
}

const examples = `
Examples:
  attend-translate "A man is riding a bicycle."              English to German
  attend-translate --from de "Ein Hund rennt."               German to English
  attend-translate --to ja letter.txt                        a file, line by line, to Japanese
  cat letter.txt | attend-translate --to fr > lettre.txt     as the lines come
  attend-translate "Two dogs play." --n-best 3 --json        with scores and tokens
  attend-translate "Two dogs play." --attention              what each word looked at, on the terminal
  attend-translate "Two dogs play." --attention looked.png   the same as a picture
  attend-translate --model runs/translation/model -          a model of one's own
  attend-translate --to fr --about                           what that model can do
  attend-translate -- "-18 degrees"                          a text that begins with a dash

Numbers, addresses, file names, tags, placeholders and signs come through as they are. On a terminal a note tells
which lines are far from what the model has learned; with --json, "confident" does.`;

/** `attend-translate`: what the program does where no command is named. */
export function translateCommand(): Command {
  return new Command("text")
    .description(
      "translate a text, a file or what comes on stdin, line by line (the default command)",
    )
    .argument("[text...]", "a text, a file (also .gz), or - for stdin (the default)")
    .optionsGroup("What to translate:")
    .addOption(fromOption("of the text (default: en)"))
    .addOption(toOption("of the translation (default: de)"))
    .optionsGroup("How to choose the words:")
    .addOption(options.beam())
    .addOption(options.lengthPenalty())
    .addOption(
      decimalOption("--coverage-penalty <beta>", "above 0 prefers those that leave nothing out", {
        min: 0,
      }),
    )
    .addOption(
      wholeOption(
        "--no-repeat-ngram <n>",
        "no run of so many tokens twice; 0 allows all (default: the model's, 3)",
        { min: 0, max: 100 },
      ),
    )
    .addOption(
      wholeOption("--min-length <n>", "tokens that a sentence has at least", { min: 0, max: 1000 }),
    )
    .addOption(
      options.nBest("translations of each line, the best first: number, rank, score, text"),
    )
    .optionsGroup("Options:")
    .addOption(options.json("a line of JSON each: source, text, confident, protected, tokens, ..."))
    .addOption(options.attention("[file.png]", "on the terminal, or as a picture"))
    .addOption(options.batch("sentences", 64))
    .addOption(options.model())
    .option("--about", "say what the model can do, and translate nothing")
    .addOption(options.engine())
    .addOption(options.quiet())
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
  const { batch = 64 } = flags;
  const search: TranslateOptions = {
    beamWidth: flags.beam,
    lengthPenalty: flags.lengthPenalty,
    coveragePenalty: flags.coveragePenalty,
    noRepeatNgram: flags.noRepeatNgram,
    minLength: flags.minLength,
    nBest: flags.nBest,
    attention: flags.attention !== undefined,
    batch,
  };
  let number = 0;
  for await (const lines of groupsOfLines(input, 4 * batch)) {
    const texts = lines.map((line) => ("text" in line ? line.text : ""));
    const translations = await translator.translateAll(texts, search);
    for (const [i, translation] of translations.entries()) {
      number++;
      const line = lines[i];
      if (line !== undefined && "error" in line) {
        writeNote(`error: ${line.error.message}`);
        process.exitCode = 1;
      }
      await showTranslation(translation, number, flags);
      if (!flags.quiet) noteTranslation(translation, number);
    }
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
    const message = `${words.length} files were given, but one is translated at a time; try: cat ${words.join(" ")} | attend-translate`;
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
  if (isAddress(text) && !/\s/.test(text)) {
    const message = `${text} is an address, and this program fetches nothing; save the page's text and give its file`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  if (!isPath(text)) return;
  const remedy = "check the path, or give it by stdin if it is the text itself";
  throw new AttendError("FILE_NOT_FOUND", absentMessage(text, remedy));
}
