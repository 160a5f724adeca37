import { averageCommand } from "@attend/cli-kit";

const examples = `
Examples:
  attend-caption average runs/one/model runs/two/model --out runs/mean
  attend-caption average models/captioner runs/mine/model --shares 1,3 --out runs/mean
  attend-caption evaluate --model runs/mean --images photos --captions captions.csv

It works for models that were trained from the same beginning, such as one and what \`attend-caption train
--start-from\` made of it: their mean often scores higher than each.`;

/** `attend-caption average`: one model from the weights of several. */
export const createAverageCommand = () =>
  averageCommand(examples, async () => (await import("../model.ts")).captioners);
