#!/usr/bin/env node
import { runCli, versionOf } from "@attend/cli-kit";
import { serveCommand } from "./commands/serve.ts";

await runCli(serveCommand().version(versionOf(import.meta.url)));
