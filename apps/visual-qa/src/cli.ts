#!/usr/bin/env node
import { runCli, versionOf } from "@attend/cli-kit";
import { createAverageCommand } from "./commands/average.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { pageCommand } from "./commands/page.ts";
import { predictCommand } from "./commands/predict.ts";
import { questionsCommand } from "./commands/questions.ts";
import { trainCommand } from "./commands/train.ts";

const program = predictCommand()
  .version(versionOf(import.meta.url))
  // `--model` before `evaluate` belongs to the questions, after it to evaluate.
  .enablePositionalOptions()
  .addCommand(trainCommand())
  .addCommand(evaluateCommand())
  .addCommand(pageCommand())
  .addCommand(questionsCommand())
  .addCommand(createAverageCommand());

await runCli(program);
