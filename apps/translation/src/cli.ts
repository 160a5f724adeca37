#!/usr/bin/env node
import { runCli, versionOf } from "@attend/cli-kit";
import { Command } from "commander";
import { createAverageCommand } from "./commands/average.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { translateCommand } from "./commands/predict.ts";
import { trainCommand } from "./commands/train.ts";

const program = new Command("attend-translate")
  .description("Translates text, and trains and evaluates translation models.")
  .version(versionOf(import.meta.url))
  .addCommand(translateCommand(), { isDefault: true })
  .addCommand(trainCommand())
  .addCommand(evaluateCommand())
  .addCommand(createAverageCommand());

await runCli(program, { takesText: true });
