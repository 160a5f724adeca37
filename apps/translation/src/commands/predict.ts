import { existsSync, statSync } from "node:fs";
import { Readable } from "node:stream";
import {
  decimalOption,
  groupsOfLines,
  options,
  wholeOption,
  writeLine,
  writeNote,
} from "@attend/cli-kit";
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
  readonly model?: readonly string[];
  readonly engine?: EngineName;
  readonly quiet: boolean;
}

const examples = `
Examples:
  attend-translate "A man is riding a bicycle."              English to German
  attend-translate --from de "Ein Hund rennt."               German to English
  attend-translate --to ja letter.txt                        a file, line by line, to Japanese
  cat letter.txt | attend-translate --to fr > lettre.txt     line by line as they arrive
  attend-translate "Two dogs play." --n-best 3 --json        with scores and tokens
  attend-translate "Two dogs play." --attention              what each word attended to, on the terminal
  attend-translate "Two dogs play." --attention alignment.png   the same as a picture
  attend-translate --model runs/translation/model -          with your own model
  attend-translate --model runs/one --model runs/two -       with an ensemble of two models
  attend-translate --to fr --about                           what that model can do
  attend-translate -- "-18 degrees"                          text that starts with a dash

Numbers, addresses, file names, tags, placeholders and symbols come through unchanged. Lines that are far from the
model's training data are noted on a terminal, and have "confident": false with --json.`;

/** `attend-translate`: the default command. */
export function translateCommand(): Command {
  return new Command("text")
    .description("translate text, a file or stdin, line by line (the default command)")
    .argument("[text...]", "text, a file (also .gz), or - for stdin (the default)")
    .optionsGroup("What to translate:")
    .addOption(fromOption("language of the text (default: en)"))
    .addOption(toOption("language of the translation (default: de)"))
    .optionsGroup("How to choose the words:")
    .addOption(options.beam())
    .addOption(options.lengthPenalty())
    .addOption(
      decimalOption("--coverage-penalty <beta>", "values above 0 favor complete translations", {
        min: 0,
      }),
    )
    .addOption(
      wholeOption(
        "--no-repeat-ngram <n>",
        "length of token sequences that may not repeat; 0 allows all (default: the model's, 3)",
        { min: 0, max: 100 },
      ),
    )
    .addOption(
      wholeOption("--min-length <n>", "minimum number of tokens in a sentence", {
        min: 0,
        max: 1000,
      }),
    )
    .addOption(
      options.nBest("translations for each line, the best first: number, rank, score, text"),
    )
    .optionsGroup("Options:")
    .addOption(
      options.json("print a JSON object per line: source, text, confident, protected, tokens, ..."),
    )
    .addOption(options.attention("[file.png]", "on the terminal, or as a picture"))
    .addOption(options.batch("sentences", 64))
    .addOption(options.models())
    .option("--about", "print what the model can do and exit")
    .addOption(options.engine())
    .addOption(options.precision())
    .addOption(options.quiet())
    .addHelpText("after", examples)
    .action(translate);
}

async function translate(words: readonly string[], flags: TranslateFlags): Promise<void> {
  const { attention, from, to, model, engine, beam, nBest } = flags;
  if (beam !== undefined && nBest !== undefined && nBest > beam) {
    const message = `--n-best is ${nBest}, but --beam is ${beam}; use --beam ${nBest}, or leave it out`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  if (typeof attention === "string" && !attention.endsWith(".png")) {
    const message = `--attention writes a PNG file, but was given "${attention}"; use a name that ends in .png, and put the text before this option`;
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
    const texts = lines.map(({ text = "" }) => text);
    const translations = await translator.translateAll(texts, search);
    for (const [i, translation] of translations.entries()) {
      number++;
      const fault = lines[i]?.fault;
      if (fault !== undefined) {
        writeNote(`error: ${fault}; it is replaced by an empty line`);
        process.exitCode = 1;
      }
      await showTranslation(translation, number, flags);
      if (!flags.quiet) noteTranslation(translation, number);
    }
  }
}

/**
 * Interprets the arguments: a file if one exists with that name, stdin, or the text itself.
 *
 * @throws AttendError for anything else, before anything is loaded
 */
async function inputOf(words: readonly string[]): Promise<AsyncIterable<Uint8Array>> {
  const [first = "-"] = words;
  const files = words.filter((word) => existsSync(word));
  if (words.length > 1 && files.length > 0 && words.every((word) => isPath(word))) {
    const message = `${words.length} files were given, but only one can be translated at a time; try: cat ${words.join(" ")} | attend-translate`;
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
    throw new AttendError("BAD_ARGUMENT", `${text} is a folder; use a file in it`);
  }
  return readUtf8(text, limits);
}

/** Whether a word looks like a file name. */
function isPath(word: string): boolean {
  return existsSync(word) || (/^\S+$/.test(word) && /^(~|\.{0,2}\/)|\w\.[a-z]\w{0,4}$/i.test(word));
}

function checkText(text: string): void {
  if (isAddress(text) && !/\s/.test(text)) {
    const message = `${text} is an address, but this program does not download; save the page's text to a file and use that`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  if (!isPath(text)) return;
  const remedy = "check the path, or pass it on stdin if it is the text itself";
  throw new AttendError("FILE_NOT_FOUND", absentMessage(text, remedy));
}
