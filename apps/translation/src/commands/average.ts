import { averageCommand } from "@attend/cli-kit";

const examples = `
Examples:
  attend-translate average runs/one/model runs/two/model --out runs/mean
  attend-translate average runs/one/model runs/mine/model --shares 1,3 --out runs/mean
  attend-translate evaluate test.en test.de --model runs/mean

It works for models that were trained from the same beginning, such as one and what \`attend-translate train
--start-from\` made of it: their mean often scores higher than each.`;

/** `attend-translate average`: one model from the weights of several. */
export const createAverageCommand = () =>
  averageCommand(examples, async () => (await import("@attend/translator")).translators);
