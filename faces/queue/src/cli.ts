#!/usr/bin/env node
import { runCli, versionOf } from "@attend/cli-kit";
import { queueCommand } from "./commands/index.ts";

await runCli(queueCommand().version(versionOf(import.meta.url)));
