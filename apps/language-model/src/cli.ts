#!/usr/bin/env node
import { runCli, versionOf } from "@attend/cli-kit";
import { Command } from "commander";
import { createAverageCommand } from "./commands/average.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { sampleCommand } from "./commands/predict.ts";
import { trainCommand } from "./commands/train.ts";

const program = new Command("attend-language-model")
  .description("Recurrent language models: train them on any text, generate text, evaluate them.")
  .version(versionOf(import.meta.url))
  .addCommand(sampleCommand(), { isDefault: true })
  .addCommand(trainCommand())
  .addCommand(evaluateCommand())
  .addCommand(createAverageCommand());

await runCli(program);
