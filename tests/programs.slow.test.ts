import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "./run.ts";

const repository = join(import.meta.dirname, "..");
const programs = readdirSync(join(repository, "bin")).filter((name) => name.startsWith("attend-"));
const start = (name: string, ...args: string[]) =>
  run(join(repository, "bin", name), args, { cwd: repository });

/** They are bundles of what `pnpm build` has compiled. */
const built = existsSync(join(repository, "bin/programs"));
if (!built) process.stderr.write("tests of bin/ skipped: it is not built; run `pnpm build`\n");

describe.runIf(built)("the built programs", () => {
  test.each(programs)("%s has the name of its app and its version", async (name) => {
    const { stdout } = await start(name, "--help");
    expect(stdout).toMatch(new RegExp(`^Usage: ${name} `));
    expect(await start(name, "--version")).toEqual({ code: 0, stdout: "0.1.0\n", stderr: "" });
  });

  test("find shipped models, fonts, and libraries that only some files need", async () => {
    const english = await start("attend-translate", "--from", "en", "--to", "de", "A dog runs.");
    expect(english).toEqual({ code: 0, stdout: expect.stringMatching(/Hund/), stderr: "" });
    const photo = "packages/cnn-encoder/test/fixtures/scene.heic";
    const heatmaps = mkdtempSync(join(tmpdir(), "attend-heatmaps-"));
    const caption = await start("attend-caption", photo, "--attention", heatmaps);
    rmSync(heatmaps, { recursive: true });
    expect(caption).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^[A-Z].+\.\n$/),
      stderr: "",
    });
  });
});
