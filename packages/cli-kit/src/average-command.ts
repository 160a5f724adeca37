import { Command, InvalidArgumentError, Option } from "commander";
import { writeLine } from "./output.ts";

interface AverageFlags {
  readonly out: string;
  readonly shares?: readonly number[];
}

/** How an app averages the models in `folders`; `shares` is how much each counts. */
export type AverageModels = (
  folders: readonly string[],
  out: string,
  shares?: readonly number[],
) => Promise<void>;

/**
 * The command `average`: one model from the weights of several.
 *
 * @param program what trains them, such as `caption`
 * @param load gives what averages, once an engine is loaded
 */
export function averageCommand(
  program: string,
  examples: string,
  load: () => Promise<AverageModels>,
): Command {
  return new Command("average")
    .description("make a model whose weights are the mean of several models'")
    .argument("<models...>", `folders, as \`${program} train\` writes them`)
    .requiredOption("--out <folder>", "where the model is written")
    .addOption(
      new Option(
        "--shares <numbers>",
        "how much each counts, by commas (default: all alike)",
      ).argParser(parseShares),
    )
    .addHelpText("after", examples)
    .action(async (folders: readonly string[], { out, shares }: AverageFlags) => {
      const { loadEngine } = await import("@attend/runtime");
      const averageModels = await load();
      await loadEngine();
      await averageModels(folders, out, shares);
      await writeLine(`${out}: the mean of ${folders.length} models`);
    });
}

function parseShares(value: string): number[] {
  const shares = value.split(",").map(Number);
  if (shares.every((share) => share > 0 && share < Number.POSITIVE_INFINITY)) return shares;
  throw new InvalidArgumentError("They must be numbers above 0, such as 1,3.");
}
