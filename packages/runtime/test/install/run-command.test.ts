import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { logFile, runCommand } from "../../src/install/run-command.ts";
import { scratchCache } from "./support/scratch.ts";

const timeLimit = 20_000;
const node = (script: string, options = {}) =>
  runCommand(process.execPath, ["-e", script], { timeLimit, ...options });

describe("runCommand", () => {
  it("returns the output and keeps it in the log", async () => {
    scratchCache();
    expect(await node(`console.log("out"); console.error("err")`)).toMatch(/out|err/);
    expect(readFileSync(logFile(), "utf8")).toMatch(/^\n\$ .*node.*\n(.*\n)*out\n/);
  });

  it.each([
    ["a thrown error", `throw new RangeError("too far")`, "RangeError: too far"],
    [
      "a compiler error",
      `console.error("a.cc:1:2: fatal error: no x.h\\nnote"); process.exit(1)`,
      "no x.h",
    ],
    ["the last line", `console.error("first\\nlast\\n"); process.exit(3)`, "last"],
    ["the exit code if nothing was printed", "process.exit(3)", "exited with code 3"],
  ])("reports in one line %s", async (_, script, expected) => {
    scratchCache();
    const failure = await node(script).catch((error: Error) => error.message);
    expect(failure).toContain(expected);
    expect(failure).not.toContain("\n");
  });

  it("reports a command that does not exist", async () => {
    scratchCache();
    await expect(runCommand("no-such-compiler", [], { timeLimit })).rejects.toThrow("ENOENT");
  });

  it("kills the command and its children at the time limit", async () => {
    const counted = path.join(scratchCache(), "counted");
    const counting = `while true; do echo x >> "${counted}"; sleep 0.02; done`;
    const command = runCommand("sh", ["-c", `(${counting}) & wait`], { timeLimit: 1000 });
    await expect(command).rejects.toThrow("timed out after 1 s");
    await sleep(100);
    const { size } = statSync(counted);
    expect(size).toBeGreaterThan(0);
    await sleep(200);
    expect(statSync(counted).size).toBe(size);
  });

  it("aborts on a signal, with its reason", async () => {
    scratchCache();
    const controller = new AbortController();
    const failure = node("setTimeout(() => {}, 60_000)", { signal: controller.signal });
    controller.abort("its download did not start");
    await expect(failure).rejects.toThrow("its download did not start");
  });
});
