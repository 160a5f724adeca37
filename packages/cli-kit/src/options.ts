import type { EngineName } from "@attend/runtime";
import { type Command, InvalidArgumentError, Option } from "commander";
import { decimalNumber, type NumberRange, wholeNumber } from "./numbers.ts";

/** What {@link addTrainOptions} reads. */
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

/** An option that takes a whole number; another value is wrong usage. */
export function wholeOption(flags: string, text: string, range: NumberRange): Option {
  return new Option(flags, text).argParser(wholeNumber(range));
}

/** An option that takes a decimal number; another value is wrong usage. */
export function decimalOption(flags: string, text: string, range: NumberRange): Option {
  return new Option(flags, text).argParser(decimalNumber(range));
}

/** An option that takes the path of a file or folder. */
export function pathOption(flags: string, text: string): Option {
  return new Option(flags, text).argParser((value) => {
    if (value !== "") return value;
    throw new InvalidArgumentError("It takes a path, and none was given.");
  });
}

/**
 * The options that mean the same in every program: each has one name, one text and one parser. The
 * arguments are what a program says of its own: what is counted, which default there is.
 */
export const options = {
  model: () =>
    pathOption(
      "--model <folder>",
      "a folder that `train` wrote (default: a model that is shipped)",
    ),
  engine: () => new Option("--engine <name>", "what computes").choices(["native", "wasm"]),
  quiet: () => new Option("--quiet", "neither progress nor notes on stderr").default(false),
  json: (text: string) => new Option("--json", text).default(false),
  batch: (items: string, usual: number) =>
    wholeOption("--batch <n>", `${items} at a time (default: ${usual})`, { min: 1, max: 4096 }),
  predictions: (text: string) => pathOption("--predictions <file>", text),

  beam: () =>
    wholeOption("--beam <n>", "hypotheses kept at each step; 1: greedy (default: the model's)", {
      min: 1,
      max: 100,
    }),
  nBest: (text: string) => wholeOption("--n-best <n>", text, { min: 1, max: 100 }),
  lengthPenalty: () =>
    decimalOption("--length-penalty <alpha>", "above 0 prefers longer ones", { min: 0 }),
  attention: (argument: string, text: string) =>
    new Option(`--attention ${argument}`, `what each word looked at: ${text}`),

  temperature: () =>
    decimalOption("--temperature <t>", "below 1 safer, above 1 bolder", { min: 0.01, max: 100 }),
  topK: () => wholeOption("--top-k <k>", "only the k likeliest", { min: 1, max: 1e9 }),
  topP: () =>
    decimalOption("--top-p <p>", "only the likeliest, of probability p", { min: 1e-6, max: 1 }),
  seed: (text = "another seed draws another result (default: 1)") =>
    wholeOption("--seed <n>", text, { min: 0, max: 2 ** 32 - 1 }),

  out: (folder: string) =>
    pathOption("--out <folder>", "where everything is written").default(folder),
  startFrom: (text: string) => pathOption("--start-from <path>", text),
  validation: (items: string) =>
    new Option(
      "--validation <files...>",
      `${items} that choose the best weights and are not trained on`,
    ),
  heldOut: (items: string, usual: string, { allowNone = false } = {}) =>
    new Option(
      "--held-out <n>",
      `without data for the validation: ${items} that take its place, a share below 1 or a count${allowNone ? "; 0: none" : ""} (default: ${usual})`,
    ).argParser((value) => parseHeldOut(value, allowNone)),
};

/** Adds what every `train` takes after its data, see {@link TrainFlags}; `out` is the default folder. */
export function addTrainOptions(command: Command, { out }: { out: string }): Command {
  return command
    .addOption(
      pathOption("--config <file>", "JSON: model, vocabulary and training (see the README)"),
    )
    .addOption(
      wholeOption("--epochs <n>", "times that all data is seen (default: the config's)", {
        min: 1,
      }),
    )
    .addOption(
      decimalOption(
        "--minutes <n>",
        "train for so long instead, or with --epochs: at most so long",
        { min: 0.01, max: 1e5 },
      ),
    )
    .addOption(options.seed("of the first weights and the order (default: the config's, 1)"))
    .addOption(options.out(out))
    .option("--resume", "go on with the training in --out, if there is one", false)
    .addOption(options.engine())
    .addOption(options.quiet());
}

interface Limits {
  readonly epochs?: number | undefined;
  readonly maxSteps?: number | undefined;
  readonly maxSeconds?: number | undefined;
  readonly seed: number;
}

/** A training's config with what the command line says instead: `epochs` and `minutes` alone end it then. */
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
    `It takes a share between 0 and 1, or a whole number from 1 on${allowNone ? ", or 0: none" : ""}.`,
  );
}
