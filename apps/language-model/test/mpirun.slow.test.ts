import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { missingCommand, temporaryDirectory } from "@attend/test-kit";
import { expect, test } from "vitest";
import { line } from "./models.ts";
import { languageModel } from "./support/program.ts";

const missing = missingCommand("mpirun", "mpicc");
if (missing !== undefined) test.skip(`train in several processes (there is no ${missing})`);

test.skipIf(missing !== undefined)("two processes refuse to train, in one line", async () => {
  const folder = temporaryDirectory();
  const [book, out] = [join(folder, "book.txt"), join(folder, "out")];
  writeFileSync(book, line.repeat(300));
  const { code, stdout, stderr } = await languageModel(["train", book, "--out", out], {
    processes: 2,
    env: { TF_NUM_INTRAOP_THREADS: "1" },
  });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr.match(/^error:.*/gm)).toEqual([
    "error: this training cannot be divided among 2 processes: each batch continues the one before it; train in one process, without mpirun",
  ]);
  expect(existsSync(join(out, "model"))).toBe(false);
});
