#!/usr/bin/env node
import { runCli, versionOf } from "@attend/cli-kit";
import { Command } from "commander";
import { gradientsCommand } from "./commands/gradients.ts";

const program = new Command("attend-explain")
  .description("Measures what happens inside sequence models, in tables and plots.")
  .version(versionOf(import.meta.url))
  .addCommand(gradientsCommand());

await runCli(program);
