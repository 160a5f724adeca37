import { averageCommand } from "@attend/cli-kit";

const examples = `
Examples:
  attend-vqa average runs/one/model runs/two/model --out runs/mean
  attend-vqa average runs/vqa/model runs/more/model --shares 1,3 --out runs/mean
  attend-vqa evaluate --model runs/mean --images photos --questions questions.tsv

It works for models with a common ancestor, such as a model and the result of \`attend-vqa train
--start-from\` it. The average often scores higher than each of them.`;

/** `attend-vqa average`: averages the weights of several models. */
export const createAverageCommand = () =>
  averageCommand(examples, async () => (await import("../model.ts")).answerers);
