import { writeLine } from "@attend/cli-kit";
import { Command, InvalidArgumentError, Option } from "commander";

interface AverageFlags {
  readonly out: string;
  readonly shares?: readonly number[];
}

const examples = `
Examples:
  translate average runs/one/model runs/two/model --out runs/mean
  translate average runs/one/model runs/mine/model --shares 1,3 --out runs/mean
  translate evaluate test.en test.de --model runs/mean

It works for models that were trained from the same beginning, such as one and what \`translate train
--init\` made of it: their mean often scores higher than each.`;

/** `translate average`: one model from the weights of several. */
export function averageCommand(): Command {
  return new Command("average")
    .description("make a model whose weights are the mean of several models'")
    .argument("<models...>", "folders, as `translate train` writes them")
    .requiredOption("--out <folder>", "where the model is written")
    .addOption(
      new Option(
        "--shares <numbers>",
        "how much each counts, by commas (default: all alike)",
      ).argParser(parseShares),
    )
    .addHelpText("after", examples)
    .action(average);
}

async function average(folders: readonly string[], { out, shares }: AverageFlags): Promise<void> {
  const { loadEngine } = await import("@attend/runtime");
  const { averageModels } = await import("../average.ts");
  await loadEngine();
  await averageModels(folders, out, shares);
  await writeLine(`${out}: the mean of ${folders.length} models`);
}

function parseShares(value: string): number[] {
  const shares = value.split(",").map(Number);
  if (shares.every((share) => share > 0 && share < Number.POSITIVE_INFINITY)) return shares;
  throw new InvalidArgumentError("They must be numbers above 0, such as 1,3.");
}
