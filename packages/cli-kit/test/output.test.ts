import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { nodeArguments } from "@attend/runtime/program";
import { describe, expect, test } from "vitest";

const main = nodeArguments(join(import.meta.dirname, "program", "main.ts"));
const line =
  "error: cannot write the output: the disk is full; free some space or choose another disk, then retry\n";

describe.skipIf(!existsSync("/dev/full"))("a full disk", { timeout: 600_000 }, () => {
  test.each([
    ["after the first lines", ["lines", "100000"]],
    ["in a command that would succeed", ["succeed"]],
    ["in --help", ["--help"]],
  ])("%s ends with one line and exit code 1", async (_, args) => {
    const child = spawn(process.execPath, [...main, ...args], {
      stdio: ["ignore", openSync("/dev/full", "w"), "pipe"],
    });
    const [stderr, [code]] = await Promise.all([text(child.stderr!), once(child, "close")]);
    expect({ stderr, code }).toEqual({ stderr: line, code: 1 });
  });
});
