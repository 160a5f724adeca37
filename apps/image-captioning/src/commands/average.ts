import { averageCommand } from "@attend/cli-kit";

const examples = `
Examples:
  attend-caption average runs/one/model runs/two/model --out runs/mean
  attend-caption average models/captioner runs/mine/model --shares 1,3 --out runs/mean
  attend-caption evaluate --model runs/mean --images photos --captions captions.csv

It works for models with a common ancestor, such as a model and the result of \`attend-caption train
--start-from\` it. The average often scores higher than each of them.`;

/** `attend-caption average`: averages the weights of several models. */
export const createAverageCommand = () =>
  averageCommand(examples, async () => (await import("../model.ts")).captioners);
