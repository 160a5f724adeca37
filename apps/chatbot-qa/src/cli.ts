#!/usr/bin/env node
import { runCli, versionOf } from "@attend/cli-kit";
import { Command } from "commander";
import { askCommand } from "./commands/predict.ts";

const program = new Command("attend-chat")
  .description("Answers questions from what it was taught, and says when it does not know.")
  .version(versionOf(import.meta.url))
  .addCommand(askCommand(), { isDefault: true });

await runCli(program, { takesText: true });
