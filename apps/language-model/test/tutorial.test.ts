import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram, temporaryDirectory } from "@attend/test-kit";
import { expect, onTestFinished, test } from "vitest";
import { languageModel } from "./support/program.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/tutorials/hello.md"), "utf8");

/** The code blocks of a language, each with the text block after it, if any. */
function blocksOf(language: string): { code: string; printed: string }[] {
  const pattern = new RegExp(
    `^\`\`\`${language}\n(.*?)^\`\`\`\n(?:\n\`\`\`text\n(.*?)^\`\`\`)?`,
    "gms",
  );
  return [...page.matchAll(pattern)].map(([, code = "", printed = ""]) => ({ code, printed }));
}

test("the tutorial's network writes hello, and prints what the page shows", async () => {
  const blocks = blocksOf("ts");
  expect(blocks).toHaveLength(4);
  // Here it can resolve the packages.
  const program = join(import.meta.dirname, `.tutorial-${process.pid}.ts`);
  onTestFinished(() => rmSync(program, { force: true }));
  writeFileSync(program, blocks.map(({ code }) => code).join(""));
  const { code, stdout, stderr } = await runProgram(program, []);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe(blocks.map(({ printed }) => printed).join(""));
  expect(stdout).toContain("h -> e -> l -> l -> o");
}, 600_000);

test("the command does the same", async () => {
  const cwd = temporaryDirectory();
  const [config] = blocksOf("json");
  const [shell] = blocksOf("sh");
  writeFileSync(join(cwd, "hello.txt"), "hello");
  writeFileSync(join(cwd, "hello.json"), config?.code ?? "");
  const commands = (shell?.code ?? "").trimEnd().split("\n");
  expect(commands).toHaveLength(2);
  let printed = "";
  for (const command of commands) {
    const [, , ...args] = command.split(" "); // pnpm language-model
    const { code, stdout, stderr } = await languageModel(args, { cwd });
    expect(code, stderr).toBe(0);
    printed = stdout;
  }
  expect(printed).toBe("hello\n");
  expect(printed).toBe(shell?.printed);
}, 600_000);
