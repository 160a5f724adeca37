import { averageCommand } from "@attend/cli-kit";

const examples = `
Examples:
  caption average runs/one/model runs/two/model --out runs/mean
  caption average models/captioner runs/mine/model --shares 1,3 --out runs/mean
  caption evaluate --model runs/mean --images photos --captions captions.csv

It works for models that were trained from the same beginning, such as one and what \`caption train
--from\` made of it: their mean often scores higher than each.`;

/** `caption average`: one model from the weights of several. */
export const createAverageCommand = () =>
  averageCommand("caption", examples, async () => ({
    average: (await import("../average.ts")).averageModels,
  }));
