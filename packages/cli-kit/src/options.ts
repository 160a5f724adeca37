import type { EngineName } from "@attend/runtime";
import { precisions } from "@attend/runtime/precision";
import { type Command, InvalidArgumentError, Option } from "commander";
import { decimalNumber, type NumberRange, wholeNumber } from "./numbers.ts";

/** The values of the options that {@link addTrainOptions} adds. */
export interface TrainFlags {
  readonly config?: string;
  readonly startFrom?: string;
  readonly heldOut?: number;
  readonly epochs?: number;
  readonly minutes?: number;
  readonly seed?: number;
  readonly out: string;
  readonly resume: boolean;
  readonly engine?: EngineName;
  readonly quiet: boolean;
}

/** An option whose value is a whole number; any other value is a usage error. */
export function wholeOption(flags: string, text: string, range: NumberRange): Option {
  return new Option(flags, text).argParser(wholeNumber(range));
}

/** An option whose value is a decimal number; any other value is a usage error. */
export function decimalOption(flags: string, text: string, range: NumberRange): Option {
  return new Option(flags, text).argParser(decimalNumber(range));
}

/** An option whose value is the path of a file or folder. */
export function pathOption(flags: string, text: string): Option {
  return new Option(flags, text).argParser(readPath);
}

/** The parser of a repeatable option: appends its value to those before. */
export function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

function readPath(value: string): string {
  if (value !== "") return value;
  throw new InvalidArgumentError("Expected a path.");
}

/**
 * The options that programs share, each with one name, help text and parser. The arguments are the
 * parts that depend on the program, such as the unit or the default.
 */
export const options = {
  model: () =>
    pathOption("--model <folder>", "folder written by `train` (default: a shipped model)"),
  // Like `model`, but repeatable.
  models: () =>
    new Option(
      "--model <folder>",
      "folder written by `train`; repeat the option to combine several models (default: a shipped model)",
    ).argParser((value, folders?: readonly string[]) => collect(readPath(value), folders)),
  engine: () => new Option("--engine <name>", "compute engine").choices(["native", "wasm"]),
  precision: () =>
    new Option(
      "--precision <how>",
      "fast multiplies in bfloat16 on processors with AMX (default: exact)",
    ).choices(precisions),
  quiet: () => new Option("--quiet", "show no progress or notes on stderr").default(false),
  json: (text: string) => new Option("--json", text).default(false),
  batch: (items: string, usual: number) =>
    wholeOption("--batch <n>", `${items} at a time (default: ${usual})`, { min: 1, max: 4096 }),
  predictions: (text: string) => pathOption("--predictions <file>", text),
  maxPixels: () =>
    new Option(
      "--max-pixels <n>",
      "maximum pixels in a photo, such as 400M (default: 250M)",
    ).argParser(readPixels),
  timeout: () =>
    decimalOption("--timeout <s>", "seconds to wait for a photo from the web (default: 30)", {
      min: 0.1,
      max: 1e6,
    }),

  beam: () =>
    wholeOption("--beam <n>", "beam width; 1 is greedy search (default: the model's)", {
      min: 1,
      max: 100,
    }),
  nBest: (text: string) => wholeOption("--n-best <n>", text, { min: 1, max: 100 }),
  lengthPenalty: () =>
    decimalOption("--length-penalty <alpha>", "values above 0 favor longer outputs", { min: 0 }),
  attention: (argument: string, text: string) =>
    new Option(`--attention ${argument}`, `show what each word attended to: ${text}`),

  temperature: () =>
    decimalOption("--temperature <t>", "below 1 is more predictable, above 1 more varied", {
      min: 0.01,
      max: 100,
    }),
  topK: () =>
    wholeOption("--top-k <k>", "sample from the k most likely tokens", { min: 1, max: 1e9 }),
  topP: () =>
    decimalOption("--top-p <p>", "sample from the most likely tokens, of total probability p", {
      min: 1e-6,
      max: 1,
    }),
  seed: (text = "random seed (default: 1)") =>
    wholeOption("--seed <n>", text, { min: 0, max: 2 ** 32 - 1 }),

  out: (folder: string) => pathOption("--out <folder>", "output folder").default(folder),
  startFrom: (text: string) => pathOption("--start-from <path>", text),
  validation: (items: string) =>
    new Option(
      "--validation <files...>",
      `${items} to select the best weights by; they are not trained on`,
    ),
  heldOut: (items: string, usual: string, { allowNone = false } = {}) =>
    new Option(
      "--held-out <n>",
      `${items} to hold out if no validation data is given: a fraction below 1 or a count${allowNone ? "; 0 for none" : ""} (default: ${usual})`,
    ).argParser((value) => parseHeldOut(value, allowNone)),
};

/** Adds the options that every `train` has, see {@link TrainFlags}; `out` is the default folder. */
export function addTrainOptions(command: Command, { out }: { out: string }): Command {
  return command
    .addOption(
      pathOption("--config <file>", "JSON file: model, vocabulary and training (see the README)"),
    )
    .addOption(
      wholeOption("--epochs <n>", "passes over the data (default: the config's)", { min: 1 }),
    )
    .addOption(
      decimalOption("--minutes <n>", "time limit, in place of --epochs or in addition to it", {
        min: 0.01,
        max: 1e5,
      }),
    )
    .addOption(
      options.seed("seed of the initial weights and the data order (default: the config's, 1)"),
    )
    .addOption(options.out(out))
    .option("--resume", "continue the training in --out, if there is one", false)
    .addOption(options.engine())
    .addOption(options.precision())
    .addOption(options.quiet());
}

interface Limits {
  readonly epochs?: number | undefined;
  readonly maxSteps?: number | undefined;
  readonly maxSeconds?: number | undefined;
  readonly seed: number;
}

/** A training's config with the command line's values; `epochs` or `minutes` replaces all its limits. */
export function overrideTraining<Config extends Limits>(
  config: Config,
  given: {
    readonly epochs?: number | undefined;
    readonly minutes?: number | undefined;
    readonly seed?: number | undefined;
  },
): Config {
  const { epochs, minutes, seed = config.seed } = given;
  if (epochs === undefined && minutes === undefined) return { ...config, seed };
  const maxSeconds = minutes === undefined ? undefined : 60 * minutes;
  return { ...config, seed, epochs, maxSteps: undefined, maxSeconds };
}

function parseHeldOut(value: string, allowNone: boolean): number {
  const count = decimalNumber({ min: 0 })(value);
  if (count === 0 && allowNone) return count;
  if (count > 0 && (count < 1 || Number.isInteger(count))) return count;
  throw new InvalidArgumentError(
    `Expected a fraction below 1 or a whole number of at least 1${allowNone ? ", or 0 for none" : ""}.`,
  );
}

/** `250M` or `250000000`. */
function readPixels(value: string): number {
  const [, digits, millions] = /^(\d+(?:\.\d+)?)(m?)$/i.exec(value) ?? [];
  const count = Math.round(Number(digits) * (millions ? 1e6 : 1));
  if (count >= 1000) return count;
  const hint = count > 0 ? ` Did you mean ${value}M?` : "";
  throw new InvalidArgumentError(
    `Expected at least 1000 pixels, such as 250M or 250000000.${hint}`,
  );
}
