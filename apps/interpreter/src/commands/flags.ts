import { options, pathOption, wholeOption } from "@attend/cli-kit";
import { AttendError } from "@attend/runtime/errors";
import { languageTag } from "@attend/translator/language";
import { type Command, InvalidArgumentError, Option } from "commander";

/** How speech is understood, by each command that recognizes it. */
export interface RecognizeFlags {
  readonly engine?: string;
  readonly model?: string;
  readonly quiet: boolean;
}

/** What every command that translates is told. */
export interface InterpretFlags extends RecognizeFlags {
  readonly from: string;
  readonly to: string;
  readonly translator?: string;
  readonly synthesizer?: string;
  readonly voice?: string;
  readonly repair: boolean;
}

export const fromOption = () => languageOption("language that is spoken").default("en");

/** Its language, where another option may tell it too. */
export const languageOption = (text: string) =>
  new Option("--from <language>", text).argParser(readLanguage);

export const toOption = (text = "language of the translation") =>
  new Option("--to <language>", text).argParser(readLanguage).default("ja");

export const voiceOption = () =>
  new Option("--voice <name>", "one of the synthesizer's voices; a wrong name lists them");

export const synthesizerOption = () =>
  new Option("--synthesizer <name>", "what speaks (default: the best that is installed)");

export const rateOption = () =>
  wholeOption("--rate <hz>", "samples per second of the speech (default: the synthesizer's)", {
    min: 8000,
    max: 192_000,
  });

export const nBestOption = () => options.nBest("readings that each stage finds");

/** Adds the options of {@link RecognizeFlags}. */
export function addRecognizeOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--engine <name>",
        "what recognizes: whisper-base, digits, ... (default: the best that is installed; --doctor lists all)",
      ).conflicts("model"),
    )
    .addOption(pathOption("--model <folder>", "a recognizer of your own, written by `train`"))
    .addOption(options.quiet());
}

/** Adds the options of {@link InterpretFlags}. */
export function addInterpretOptions(command: Command): Command {
  return addRecognizeOptions(
    command
      .addOption(fromOption())
      .addOption(toOption())
      .addOption(
        pathOption(
          "--translator <folder>",
          "a model written by attend-translate (default: a shipped one)",
        ),
      )
      .addOption(synthesizerOption())
      .addOption(voiceOption())
      .option("--no-repair", "translate what was recognized as it is"),
  );
}

/** Parses a language into its canonical tag. */
function readLanguage(value: string): string {
  try {
    return languageTag(value);
  } catch (thrown) {
    throw AttendError.isInstance(thrown) ? new InvalidArgumentError(thrown.message) : thrown;
  }
}
