import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPackages } from "./packages.ts";
import { findPages, readBlocks } from "./readme/blocks.ts";
import { checkedElsewhere, onlyChecked, preludes } from "./readme/preludes.ts";
import { fillSandbox } from "./readme/sandbox.ts";
import { run } from "./run.ts";
import { checkTypes } from "./types.ts";

const repository = join(import.meta.dirname, "..");
const vitestConfig = join(repository, "packages/decoder-kit/vitest.config.ts");

/** All blocks, with file names. */
const blocks = findPages(repository)
  .filter((page) => checkedElsewhere[page] === undefined)
  .flatMap((page) =>
    readBlocks(join(repository, page), "ts", "typescript", "js").map(({ code, line }) => ({
      page,
      file: fileFor(`${page.replaceAll(/[/.]/g, "-")}-${line}`, code),
      code,
    })),
  );
const programs = blocks.filter(
  ({ page, code }) => onlyChecked[page] === undefined && !isFragment(page, code),
);

/** A page's tests go into `test`, where vitest finds them. */
function fileFor(name: string, code: string): string {
  return code.includes('from "vitest"') ? `test/${name}.test.ts` : `${name}.ts`;
}

/** Whether code does not import what it uses, or uses a name from its page's declarations. */
function isFragment(page: string, code: string): boolean {
  if (!code.startsWith("import")) return true;
  const used = new Set(code.replaceAll(/"[^"]*"|\/\/.*$/gm, "").match(/\w+/g));
  const declarations = (preludes[page] ?? "").match(/(?<=declare (?:const|function) )[^;]+/g) ?? [];
  const names = declarations.flatMap((text) => text.match(/^\w+|(?<=, )\w+(?=:)/g) ?? []);
  return names.some((name) => used.has(name));
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "attend-code-"));
  fillSandbox(folder);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  mkdirSync(join(folder, "node_modules/@attend"), { recursive: true });
  for (const { path, name } of readPackages(repository)) {
    symlinkSync(join(repository, path), join(folder, "node_modules", name));
  }
  const others = {
    zod: "packages/model-folder/node_modules",
    commander: "packages/cli-kit/node_modules",
    vitest: "node_modules",
  };
  for (const [name, at] of Object.entries(others)) {
    symlinkSync(join(repository, at, name), join(folder, "node_modules", name));
  }
  mkdirSync(join(folder, "test"));
  mkdirSync(join(folder, "node_modules/@types"));
  const types = join(repository, "node_modules/@types/node");
  symlinkSync(types, join(folder, "node_modules/@types/node"));
  for (const { file, page, code } of blocks) {
    writeFileSync(join(folder, file), `${preludes[page] ?? ""}\n${code}\nexport {};\n`);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the code of every page type-checks", { timeout: 300_000 }, async () => {
  expect(blocks.length).toBeGreaterThan(15);
  expect(await checkTypes(folder, { include: ["**/*.ts"] })).toEqual({
    code: 0,
    stdout: "",
    stderr: "",
  });
});

describe("the program in", () => {
  test.each(programs)("$file", { timeout: 300_000 }, async ({ file }) => {
    const flags = file.startsWith("test/")
      ? [join(repository, "node_modules/vitest/vitest.mjs"), "run", "--config", vitestConfig]
      : ["--conditions=@attend/source", join(repository, "scripts/typescript.mjs")];
    const outcome = await run(process.execPath, [...flags, file], { cwd: folder });
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
  });
});

test("exceptions refer to existing pages", () => {
  const pages = [checkedElsewhere, onlyChecked, preludes].flatMap((each) => Object.keys(each));
  for (const page of pages) expect(existsSync(join(repository, page)), page).toBe(true);
  expect(programs.length).toBeGreaterThan(8);
});
