import { averageCommand } from "@attend/cli-kit";

const examples = `
Examples:
  attend-language-model average runs/one runs/two --out runs/mean
  attend-language-model average runs/one runs/two --shares 1,3 --out runs/mean
  attend-language-model evaluate book.txt --model runs/mean

It works for models with a common ancestor.`;

/** `attend-language-model average`: averages the weights of several models. */
export const createAverageCommand = () =>
  averageCommand(examples, async () => (await import("../model.ts")).languageModels);
