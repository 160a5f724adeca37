#!/usr/bin/env node
import { runCli, versionOf } from "@attend/cli-kit";
import { studioCommand } from "./commands/studio.ts";

await runCli(studioCommand().version(versionOf(import.meta.url)));
