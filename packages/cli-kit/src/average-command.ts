import { Command, InvalidArgumentError, Option } from "commander";
import { pathOption } from "./options.ts";
import { writeLine } from "./output.ts";

interface AverageFlags {
  readonly out: string;
  readonly shares?: readonly number[];
}

/** The models of an app, as defined by `@attend/model-folder`. */
export interface AveragedModels {
  /** `shares` are the models' relative weights. */
  average(folders: readonly string[], out: string, shares?: readonly number[]): Promise<void>;
}

/**
 * The command `average`, which averages the weights of several models.
 *
 * @param examples help text shown after the options
 * @param load imports the app's models, only when the command runs
 */
export function averageCommand(examples: string, load: () => Promise<AveragedModels>): Command {
  return new Command("average")
    .description("average the weights of several models")
    .argument("<models...>", "folders written by `train`")
    .addOption(pathOption("--out <folder>", "folder for the averaged model").makeOptionMandatory())
    .addOption(
      new Option(
        "--shares <numbers>",
        "relative weight of each model, such as 1,3 (default: equal)",
      ).argParser(parseShares),
    )
    .addHelpText("after", examples)
    .action(async (folders: readonly string[], { out, shares }: AverageFlags) => {
      const models = await load();
      await models.average(folders, out, shares);
      await writeLine(`${out}: the mean of ${folders.length} models`);
    });
}

function parseShares(value: string): number[] {
  const shares = value.split(",").map(Number);
  if (shares.every((share) => share > 0 && share < Number.POSITIVE_INFINITY)) return shares;
  throw new InvalidArgumentError("Expected numbers above 0, such as 1,3.");
}
