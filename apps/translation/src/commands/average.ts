import { averageCommand } from "@attend/cli-kit";

const examples = `
Examples:
  attend-translate average runs/one/model runs/two/model --out runs/mean
  attend-translate average runs/one/model runs/mine/model --shares 1,3 --out runs/mean
  attend-translate evaluate test.en test.de --model runs/mean

It works for models with a common ancestor, such as a model and the result of \`attend-translate train
--start-from\` it. The average often scores higher than each of them.`;

/** `attend-translate average`: averages the weights of several models. */
export const createAverageCommand = () =>
  averageCommand(examples, async () => (await import("@attend/translator")).translators);
