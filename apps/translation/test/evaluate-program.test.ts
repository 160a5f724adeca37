import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { writer } from "./support/files.ts";
import { translate } from "./support/program.ts";

test("scores an existing translation from a pipe, without an engine", async () => {
  const reference = writer()("a.de", "Ein Hund\n\n");
  const pipe = reference.replace("a.de", "pipe");
  await promisify(execFile)("mkfifo", [pipe]);
  const written = writeFile(pipe, "Ein Hund\n\n"); // resolves once it is read
  const args = ["evaluate", "--hypotheses", pipe, "--references", reference];
  const { code, stdout, stderr } = await translate(args, { env: { ATTEND_ENGINE: "none" } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^TER +0\.00 +nrefs:1\|case:lc/m);
  expect(stdout).toMatch(/\n2 lines\n$/);
  await written;
});
