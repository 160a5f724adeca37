import { averageCommand } from "@attend/cli-kit";

const examples = `
Examples:
  attend-language-model average runs/one runs/two --out runs/mean
  attend-language-model average runs/one runs/two --shares 1,3 --out runs/mean
  attend-language-model evaluate book.txt --model runs/mean

It works for models that were trained from the same beginning.`;

/** `attend-language-model average`: one model from the weights of several. */
export const createAverageCommand = () =>
  averageCommand(examples, async () => (await import("../model.ts")).languageModels);
