import { expect, test } from "vitest";
import { writer } from "./support/files.ts";
import { translate } from "./support/program.ts";

test("scores an existing translation from a pipe, without an engine", async () => {
  const write = writer();
  const args = [
    "evaluate",
    "--hypotheses",
    "/dev/stdin",
    "--references",
    write("a.de", "Ein Hund\n\n"),
  ];
  const { code, stdout, stderr } = await translate(args, {
    stdin: "Ein Hund\n\n",
    env: { ATTEND_ENGINE: "none" },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^TER +0\.00 +nrefs:1\|case:lc/m);
  expect(stdout).toMatch(/\n2 lines\n$/);
});
