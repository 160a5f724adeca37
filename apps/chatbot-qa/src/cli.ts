#!/usr/bin/env node
import { runCli, versionOf } from "@attend/cli-kit";
import { Command } from "commander";
import { evaluateCommand } from "./commands/evaluate.ts";
import { askCommand } from "./commands/predict.ts";
import { trainCommand } from "./commands/train.ts";

const program = new Command("attend-chat")
  .description("Answers questions from what it was taught, and says when it does not know.")
  .version(versionOf(import.meta.url))
  .addCommand(askCommand(), { isDefault: true })
  .addCommand(trainCommand())
  .addCommand(evaluateCommand());

await runCli(program, { takesText: true });
