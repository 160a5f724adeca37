import { expect, test } from "vitest";
import { interpret } from "./support/program.ts";

test("the program tells what it does", async () => {
  const { code, stdout } = await interpret(["--help"]);
  expect(code).toBe(0);
  expect(stdout).toContain("speech");
});
