import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AttendError } from "@attend/runtime/errors";
import { temporaryDirectory, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { gradientsCommand } from "../src/commands/gradients.ts";
import { type StudyOptions, studyGradients } from "../src/index.ts";

useEngine();

/** The error of a study, which must be one line. */
async function failure(options: Partial<StudyOptions>): Promise<{ code: string; message: string }> {
  const thrown = await studyGradients({ out: temporaryDirectory(), ...options }).catch(
    (error: unknown) => error,
  );
  if (!AttendError.isInstance(thrown)) throw new Error(`not an AttendError: ${thrown}`);
  expect(thrown.message).not.toContain("\n");
  return thrown;
}

test.each<[Partial<StudyOptions>, string]>([
  [{ lengths: [3] }, "lengths.0"],
  [{ lengths: [20.5] }, "lengths.0"],
  [{ lengths: [] }, "lengths"],
  [{ lengths: [20, 20] }, "lengths: each value once"],
  [{ steps: 0 }, "steps"],
  [{ units: 0, clipNorm: -1 }, "units: "],
  [{ units: 0, clipNorm: -1 }, "clipNorm: "],
])("rejects options %o: %s", async (options, part) => {
  const { code, message } = await failure(options);
  expect(code).toBe("BAD_ARGUMENT");
  expect(message).toContain(part);
});

test("rejects a folder that is not writable before training", async () => {
  const file = join(temporaryDirectory(), "file");
  writeFileSync(file, "");
  const progress: number[] = [];
  const onProgress = (done: number) => progress.push(done);
  const { code, message } = await failure({ out: join(file, "out"), onProgress });
  expect(code).toBe("WRITE_FAILED");
  expect(message).toContain(`cannot write into folder ${join(file, "out")}`);
  expect(progress).toEqual([]);
});

test("rejects a read-only folder", async ({ skip }) => {
  const folder = temporaryDirectory();
  chmodSync(folder, 0o500);
  if (process.getuid?.() === 0) skip("the superuser can write anywhere");
  expect((await failure({ out: folder })).code).toBe("WRITE_FAILED");
});

test("reports that it was stopped, and leaves no files", async () => {
  const out = join(temporaryDirectory(), "out");
  const abort = new AbortController();
  const options = { tasks: ["adding" as const], lengths: [8], steps: 50, units: 4, out };
  const onProgress = () => abort.abort();
  const { code } = await failure({ ...options, signal: abort.signal, onProgress });
  expect(code).toBe("INTERRUPTED");
  expect(existsSync(join(out, "gradients.json"))).toBe(false);
});

test.each([
  [["--tasks", "sorting"], "Expected a comma-separated list of adding and copy."],
  [["--tasks", "copy,copy"], "Expected each value once."],
  [["--lengths", "20,long"], "Expected a whole number from 4 to 2000."],
  [["--lengths", "2"], "Expected a whole number from 4 to 2000."],
  [["--lengths", ""], "Expected a whole number from 4 to 2000."],
  [["--steps", "0"], "Expected a whole number from 1 to 1000000."],
  [["--clip-norm", "0"], "Expected a number from 0.000001 to 1000000."],
  [["--gates", "open"], "Allowed choices are chrono, usual."],
])("reports wrong usage: %j", async (args, message) => {
  const command = gradientsCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  await expect(command.parseAsync(args, { from: "user" })).rejects.toThrow(message);
});
