import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startRedis, type TestRedis } from "../packages/test-kit/src/redis.ts";
import { startServerProgram } from "../packages/test-kit/src/server.ts";
import { findPages, readBlocks } from "./readme/blocks.ts";
import { addCommands, fillSandbox } from "./readme/sandbox.ts";
import { run } from "./run.ts";

const repository = join(import.meta.dirname, "..");

/** Blocks that are not run: their page, how they start, and the reason. */
const notRun: readonly { page: string; start: string; reason: string }[] = [
  {
    page: "CONTRIBUTING.md",
    start: "git clone",
    reason: ".ci/run tests a clone",
  },
];

const pages = findPages(repository).flatMap((page) => {
  const blocks = readBlocks(join(repository, page), "sh", "bash", "shell", "console");
  const run = blocks.filter(
    ({ code }) => !notRun.some((not) => not.page === page && code.startsWith(not.start)),
  );
  return run.length > 0 ? [{ page, script: run.map(({ code }) => code).join("\n") }] : [];
});

interface Outcome {
  readonly command: string;
  /** The reason why it was not run. */
  readonly reason?: string;
  /** Options that were added to make it faster. */
  readonly added?: readonly string[];
  readonly code?: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

let root: string;
let redis: TestRedis | undefined;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "attend-pages-"));
  addCommands(join(root, "bin"));
  redis = await startRedis();
});
afterAll(async () => {
  await redis?.stop();
  rmSync(root, { recursive: true, force: true });
});

test("finds pages with commands, and exceptions that exist", () => {
  expect(pages.map(({ page }) => page)).toEqual(
    expect.arrayContaining([
      "README.md",
      "apps/translation/README.md",
      "models/captioner/README.md",
    ]),
  );
  for (const { page, start } of notRun) {
    expect(readFileSync(join(repository, page), "utf8")).toContain(`\`\`\`sh\n${start}`);
  }
});

describe.concurrent("runs the commands of", () => {
  test.each(pages)("$page", { timeout: 1_800_000 }, async ({ page, script }) => {
    const folder = mkdtempSync(join(root, "page-"));
    fillSandbox(folder);
    const log = join(folder, "..", `${page.replaceAll("/", "-")}.jsonl`);
    const server = script.includes("curl") ? await startServerProgram() : undefined;
    server?.child.stderr.resume();
    const { code, stderr } = await run("bash", ["-euo", "pipefail", "-c", script], {
      cwd: folder,
      env: {
        ...process.env,
        PATH: `${join(root, "bin")}:${process.env["PATH"]}`,
        ATTEND_DATA: join(folder, "data"),
        PAGE_LOG: log,
        PAGE_STARTED: `${Date.now()}`,
        ATTEND_QUEUE: redis && `${redis.url}/pages`,
        PAGE_SERVER: server?.url,
        // Two pages run at a time, each on one core.
        TF_NUM_INTRAOP_THREADS: "1",
      },
    });
    await server?.close();
    const outcomes: Outcome[] = existsSync(log)
      ? readFileSync(log, "utf8")
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line))
      : [];
    expect(outcomes.filter(({ reason, code }) => reason === undefined && code !== 0)).toEqual([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(outcomes.length).toBeGreaterThan(0);
    for (const { command, reason, stdout, stderr } of outcomes) {
      if (reason !== undefined) continue;
      expect(stdout, command).toMatch(/\S/);
      expect(stdout, command).not.toMatch(/\b(undefined|NaN)\b|\[object /);
      expect(stderr, command).not.toMatch(/^error:|[a-z]Warning:|--debug shows where/m);
    }
  });
});
