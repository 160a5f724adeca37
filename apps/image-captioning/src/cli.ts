#!/usr/bin/env node
import { runCli, versionOf } from "@attend/cli-kit";
import { predictCommand } from "./commands/predict.ts";
import { trainCommand } from "./commands/train.ts";

const program = predictCommand()
  .version(versionOf(import.meta.url))
  // `--model` before `train` is caption's own, behind it train's.
  .enablePositionalOptions()
  .addCommand(trainCommand());

await runCli(program);
