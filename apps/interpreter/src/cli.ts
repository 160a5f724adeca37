#!/usr/bin/env node
import { runCli, versionOf } from "@attend/cli-kit";
import { Command } from "commander";

const program = new Command("attend-interpret")
  .description("From speech in one language to speech in another.")
  .version(versionOf(import.meta.url));

await runCli(program);
