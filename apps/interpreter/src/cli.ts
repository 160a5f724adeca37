#!/usr/bin/env node
import { runCli, versionOf } from "@attend/cli-kit";
import { Command } from "commander";
import { evaluateCommand } from "./commands/evaluate.ts";
import { talkCommand } from "./commands/predict.ts";
import { recognizeCommand } from "./commands/recognize.ts";
import { repairCommand } from "./commands/repair.ts";
import { sayCommand } from "./commands/say.ts";
import { setupCommand } from "./commands/setup.ts";
import { trainCommand } from "./commands/train.ts";

const program = new Command("attend-interpret")
  .description("From speech in one language to speech in another.")
  .version(versionOf(import.meta.url))
  .addCommand(talkCommand(), { isDefault: true })
  .addCommand(recognizeCommand())
  .addCommand(repairCommand())
  .addCommand(sayCommand())
  .addCommand(trainCommand())
  .addCommand(evaluateCommand())
  .addCommand(setupCommand());

await runCli(program, {
  diagnose: async () => (await import("./doctor.ts")).describeEngines(),
});
