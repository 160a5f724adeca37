import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "@attend/test-kit";
import { expect, onTestFinished, test } from "vitest";

const page = readFileSync(
  join(import.meta.dirname, "../../../docs/tutorials/visual-qa.md"),
  "utf8",
);

test("the tutorial's network answers, and looks at the shape in question", async () => {
  const blocks = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);
  expect(blocks).toHaveLength(4);
  // Here it can resolve the packages.
  const program = join(import.meta.dirname, `.tutorial-${process.pid}.ts`);
  onTestFinished(() => rmSync(program, { force: true }));
  writeFileSync(program, blocks.join(""));
  const { code, stdout, stderr } = await runProgram(program, []);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const [right = 0, looked = 0] = Array.from(stdout.matchAll(/: (\d+) %$/gm), ([, percent]) =>
    Number(percent),
  );
  expect(right).toBeGreaterThan(90);
  expect(looked).toBeGreaterThan(75);
}, 600_000);
