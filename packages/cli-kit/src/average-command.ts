import { Command, InvalidArgumentError, Option } from "commander";
import { pathOption } from "./options.ts";
import { writeLine } from "./output.ts";

interface AverageFlags {
  readonly out: string;
  readonly shares?: readonly number[];
}

/** The models of an app, as `@attend/model-folder` has them. */
export interface AveragedModels {
  /** `shares` is how much each counts. */
  average(folders: readonly string[], out: string, shares?: readonly number[]): Promise<void>;
}

/**
 * The command `average`: one model from the weights of several.
 *
 * @param load gives what averages
 */
export function averageCommand(examples: string, load: () => Promise<AveragedModels>): Command {
  return new Command("average")
    .description("make a model whose weights are the mean of several models'")
    .argument("<models...>", "folders that `train` wrote")
    .addOption(pathOption("--out <folder>", "where the model is written").makeOptionMandatory())
    .addOption(
      new Option(
        "--shares <numbers>",
        "how much each counts, by commas (default: all alike)",
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
  throw new InvalidArgumentError("They must be numbers above 0, such as 1,3.");
}
