#!/usr/bin/env node
import { runCli, versionOf } from "@attend/cli-kit";
import { Command } from "commander";
import { talkCommand } from "./commands/predict.ts";
import { recognizeCommand } from "./commands/recognize.ts";
import { sayCommand } from "./commands/say.ts";
import { setupCommand } from "./commands/setup.ts";

const program = new Command("attend-interpret")
  .description("From speech in one language to speech in another.")
  .version(versionOf(import.meta.url))
  .addCommand(talkCommand(), { isDefault: true })
  .addCommand(recognizeCommand())
  .addCommand(sayCommand())
  .addCommand(setupCommand());

await runCli(program, {
  takesText: true,
  diagnose: async () => (await import("./doctor.ts")).describeEngines(),
});
