import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packInto } from "./pack.ts";
import { readPackages } from "./packages.ts";
import { outsidePnpm, pnpmCommand, run } from "./run.ts";

/*
 * Every package as users get it: packed, installed outside of the workspace, and used
 * with plain Node.
 */

const repository = join(import.meta.dirname, "..");
const published = readPackages(repository).filter((each) => !each.isPrivate);
/** The modules that a program can import: `@attend/nn`, `@attend/nn/float16`. */
const modules = published.flatMap(({ name, exports }) =>
  [...exports].flatMap(([subpath, source]) => (source ? [name + subpath.slice(1)] : [])),
);

/** A project with all packages, and nothing else from the workspace. */
let project: string;

async function runOrThrow(cwd: string, command: string, ...args: string[]) {
  // The workspace's pnpm settings do not apply to the project.
  const outcome = await run(command, args, { cwd, env: outsidePnpm() });
  if (outcome.code !== 0) throw new Error(`${command} ${args.join(" ")}: ${format(outcome)}`);
  return outcome;
}
const format = (outcome: object) => JSON.stringify(outcome, undefined, 2);
const pnpm = (cwd: string, ...args: string[]) => {
  const [command, ...before] = pnpmCommand();
  return runOrThrow(cwd, command, ...before, ...args);
};
const bin = (name: string) => join(project, "node_modules/.bin", name);

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), "attend-published-"));
  // This is fast if the check has built already.
  await pnpm(repository, "run", "build");
  const archives = join(project, "archives");
  mkdirSync(archives);
  const packed = await packInto(archives, repository, published);
  const dependencies = Object.fromEntries(
    [...packed].map(([name, archive]) => [name, `file:${archive}`]),
  );
  const types = readFileSync(join(repository, "node_modules/@types/node/package.json"), "utf8");
  const manifest = {
    private: true,
    type: "module",
    dependencies,
    devDependencies: { "@types/node": JSON.parse(types).version },
    // They are not in the registry.
    pnpm: { overrides: dependencies },
  };
  writeFileSync(join(project, "package.json"), format(manifest));
  // A package must find its own dependencies, but not those of others.
  writeFileSync(join(project, ".npmrc"), "hoist=false\n");
  await pnpm(project, "install", "--prefer-offline");
}, 600_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

test("finds the packages and their exports", () => {
  expect(published.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["@attend/runtime", "@attend/translation", "@attend/captioner"]),
  );
  expect(modules).toEqual(expect.arrayContaining(["@attend/nn", "@attend/nn/float16"]));
});

test("Node imports every module and finds every model", async () => {
  const models = published.filter(({ path }) => path.startsWith("models/"));
  const found = models.map(({ name }) => `${name}/package.json`);
  const program = [
    ...modules.map((name) => `await import("${name}");`),
    ...found.map((file) => `import.meta.resolve("${file}");`),
  ];
  writeFileSync(join(project, "imports.js"), program.join("\n"));
  expect(await runOrThrow(project, process.execPath, "imports.js")).toMatchObject({ stderr: "" });
});

describe("strict TypeScript that checks libraries", () => {
  const imports = modules.map((name, index) => `import * as module${index} from "${name}";`);
  const names = modules.map((_, index) => `module${index}`);
  const program = `${imports.join("\n")}\nexport default [${names.join(", ")}];\n`;

  // Without and with the DOM types, which are TypeScript's default.
  test.each([{ lib: ["es2023"] }, { lib: ["es2023", "dom"] }])("with $lib", async ({ lib }) => {
    writeFileSync(join(project, "imports.ts"), program);
    const options = {
      target: "es2022",
      lib,
      module: "nodenext",
      types: ["node"],
      strict: true,
      skipLibCheck: false,
      noEmit: true,
    };
    const config = { compilerOptions: options, files: ["imports.ts"] };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(repository, "node_modules/.bin/tsc");
    expect(await run(tsc, ["-p", project])).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

describe("the programs", () => {
  beforeAll(async () => {
    const { stdout } = await runOrThrow(project, bin("attend-engine"));
    // What it has set up, and what it has measured.
    expect(stdout).toMatch(/^(attend: .+\n){1,2}$/);
  }, 600_000);

  test("attend-caption", async () => {
    const photo = join(repository, "examples/photos/photographer.jpg");
    const { stdout } = await runOrThrow(project, bin("attend-caption"), photo);
    expect(stdout).toMatch(/^A (man|woman|person) .+\.\n$/);
  });

  test("attend-translate", async () => {
    const { stdout } = await runOrThrow(
      project,
      bin("attend-translate"),
      "A dog runs through the snow.",
    );
    expect(stdout).toMatch(/^Ein Hund .+ Schnee\.\n$/);
  });

  test("attend-vqa, whose model borrows weights of another package", async () => {
    const photo = join(repository, "examples/photos/cat.jpg");
    const question = "What animal is this?";
    const { stdout } = await runOrThrow(project, bin("attend-vqa"), photo, question);
    expect(stdout).toMatch(/^cat\b/);
  });

  test("attend-language-model", async () => {
    const { stdout } = await runOrThrow(project, bin("attend-language-model"), "--length", "20");
    expect(stdout).toHaveLength(21);
  });

  test("attend-explain", async () => {
    const short = ["--tasks", "adding", "--lengths", "4", "--steps", "1", "--units", "2"];
    const { stdout } = await runOrThrow(
      project,
      bin("attend-explain"),
      "gradients",
      "--quiet",
      ...short,
    );
    expect(stdout).toContain("runs/explain/gradients.svg");
  });
});
