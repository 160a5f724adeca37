import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { problemsOfHouse } from "./house.ts";
import { importsOf } from "./imports.ts";

const repository = join(import.meta.dirname, "..");

test("every dependency of this repository points down", () => {
  expect(problemsOfHouse(repository)).toEqual([]);
});

describe("a sample repository", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "attend-house-"));
    addPackage("packages/runtime", {
      others: ["@tensorflow/tfjs-core"],
      exports: [".", "./errors"],
    });
    addFile(
      "packages/runtime/src/index.ts",
      'export * from "./tf.ts";\nexport * from "./errors.ts";\n',
    );
    addFile("packages/runtime/src/errors.ts", 'import { inspect } from "node:util";\n');
    addFile("packages/runtime/src/tf.ts", 'export * as tf from "@tensorflow/tfjs-core";\n');
    addPackage("packages/nn", { dependencies: ["runtime"] });
    addPackage("packages/text", { dependencies: ["runtime"] });
    addPackage("packages/recurrent", { dependencies: ["nn"], devDependencies: ["test-kit"] });
    addPackage("packages/test-kit", { dependencies: ["runtime"] });
    addPackage("packages/cli-kit", { dependencies: ["runtime"] });
    addPackage("models/captioner", {});
    addPackage("apps/one", { dependencies: ["recurrent", "captioner", "cli-kit"] });
    addPackage("apps/two", {});
    addFile("packages/nn/src/index.ts", 'import { tf } from "@attend/runtime";\n');
    addFile("packages/nn/src/deep/a.ts", 'export * from "../index.ts";\n');
    addFile(
      "packages/text/src/index.ts",
      'import { AttendError } from "@attend/runtime/errors";\n',
    );
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test("has no problems", () => {
    expect(problemsOfHouse(root)).toEqual([]);
  });

  test.each([
    ["up", "packages/nn", "recurrent", "points up, from packages/nn to packages/recurrent"],
    ["from a package to an app", "packages/recurrent", "one", "points up"],
    ["from app to app", "apps/two", "one", "points sideways, from apps/two to apps/one"],
    ["from a model to the ground", "models/other", "runtime", undefined],
    ["from a model to a model", "models/other", "captioner", undefined],
    ["to the test kit from a package", "packages/recurrent", "test-kit", "may not use"],
    ["to the CLI kit from a package", "packages/text", "cli-kit", "may not use"],
    ["from the CLI kit up", "packages/cli-kit", "text", "may not use"],
    ["along a floor", "packages/metrics", "text", undefined],
  ])("a dependency %s", (_, from, to, problem) => {
    addPackage(from, { dependencies: [to] });
    const problems = problemsOfHouse(root).filter((line) => !line.includes("not declared"));
    const start = `${from}/package.json: @attend/${to}: `;
    const expected = problem === undefined ? [] : [expect.stringContaining(start)];
    expect(problems).toEqual(expected);
    expect(problems.join()).toContain(problem ?? "");
  });

  test("a development dependency must not point up, except to the test kit", () => {
    addPackage("packages/text", { dependencies: ["runtime"], devDependencies: ["recurrent"] });
    expect(problemsOfHouse(root)).toEqual([
      "packages/text/package.json: @attend/recurrent: points up, from packages/text to packages/recurrent",
    ]);
  });

  test("reports a package without a floor", () => {
    addPackage("packages/attic", {});
    expect(problemsOfHouse(root)).toEqual([expect.stringMatching(/^packages\/attic: .*no floor/)]);
  });

  test.each([
    ['import { lstm } from "@attend/recurrent";', "packages/nn", "points up"],
    ['import type { A } from "@attend/one";', "apps/two", "points sideways"],
    ['import { a } from "@attend/nn";', "apps/one", "not declared in apps/one/package.json"],
    ['import { expectClose } from "@attend/test-kit";', "packages/recurrent", "may not use"],
    ['import { z } from "zod";', "packages/nn", "not declared"],
    ['const { z } = await import("zod");', "packages/nn", "not declared"],
    ['import { a } from "@attend/runtime/src/errors.ts";', "packages/nn", "a deep import"],
    ['import { a } from "@attend/runtime/dist/errors.js";', "packages/nn", "a deep import"],
    ['import { a } from "../../runtime/src/errors.ts";', "packages/nn", "leaves the package"],
    ['export { a } from "../test/helper.ts";', "packages/nn", "leaves the package"],
    ['import * as tf from "@tensorflow/tfjs-core";', "packages/nn", "only packages/runtime"],
    ['import {\n  tf,\n} from "@attend/runtime";', "packages/text", "loads TensorFlow.js"],
    ['export * from "@attend/runtime";', "packages/cli-kit", "loads TensorFlow.js"],
  ])("%s in %s", (code, path, problem) => {
    addFile(join(path, "src/wrong.ts"), `${code}\n`);
    const problems = problemsOfHouse(root);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${path}/src/wrong.ts: `);
    expect(problems[0]).toContain(problem);
  });

  test("finds TensorFlow.js in what a fast-loading package imports", () => {
    addPackage("packages/metrics", { dependencies: ["nn"] });
    addFile("packages/metrics/src/a.ts", 'import { layer } from "@attend/nn";\n');
    expect(problemsOfHouse(root)).toEqual([
      "packages/metrics/src/a.ts: @attend/nn: loads TensorFlow.js on start; use `await import` where it is needed",
    ]);
    addFile("packages/nn/src/index.ts", 'const { tf } = await import("@attend/runtime");\n');
    expect(problemsOfHouse(root)).toEqual([]);
  });

  test("finds a trainer in code that uses trained models", () => {
    addPackage("packages/training", {});
    addFile("packages/training/src/index.ts", "export const train = 1;\n");
    addPackage("apps/image-captioning", { dependencies: ["training"] });
    const source = (file: string) => `apps/image-captioning/src/${file}`;
    addFile(source("index.ts"), 'export { load } from "./config.ts";\n');
    addFile(source("commands/predict.ts"), 'const { load } = await import("../index.ts");\n');
    addFile(source("cli.ts"), 'import "./commands/predict.ts";\nawait import("./task.ts");\n');
    addFile(source("config.ts"), 'import { train } from "@attend/training";\n');
    const problem = (file: string) =>
      `${source(file)}: loads @attend/training; use \`await import\` for training`;
    expect(problemsOfHouse(root)).toEqual([problem("index.ts"), problem("commands/predict.ts")]);
    addFile(source("config.ts"), 'import type { TrainingEvent } from "@attend/training";\n');
    addFile(source("task.ts"), 'import { train } from "@attend/training";\n');
    expect(problemsOfHouse(root)).toEqual([]);
    addFile(source("cli.ts"), 'import "./task.ts";\n');
    expect(problemsOfHouse(root)).toEqual([problem("cli.ts")]);
  });

  test("allows built-ins, types, dynamic imports of the runtime, and comments", () => {
    const code = [
      'import { readFile } from "node:fs/promises";',
      'import type { tf } from "@attend/runtime";',
      '/** `import { z } from "zod"` or `await import("zod")` */',
      '// import { z } from "zod";',
      'const { loadEngine } = await import("@attend/runtime");',
    ];
    addFile("packages/text/src/right.ts", code.join("\n"));
    expect(problemsOfHouse(root)).toEqual([]);
  });

  function addFile(path: string, content: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }

  function addPackage(
    path: string,
    {
      dependencies = [],
      devDependencies = [],
      others = [],
      exports = ["."],
    }: Partial<Record<"dependencies" | "devDependencies" | "others" | "exports", string[]>>,
  ): void {
    const versions = (names: string[]) =>
      Object.fromEntries(names.map((name) => [`@attend/${name}`, "workspace:*"]));
    const source = (subpath: string) => `./src/${subpath === "." ? "index" : subpath.slice(2)}.ts`;
    const manifest = {
      name: `@attend/${path.split("/").at(-1)}`,
      exports: Object.fromEntries(
        exports.map((subpath) => [subpath, { "@attend/source": source(subpath) }]),
      ),
      dependencies: {
        ...versions(dependencies),
        ...Object.fromEntries(others.map((name) => [name, "1"])),
      },
      devDependencies: versions(devDependencies),
    };
    addFile(join(path, "package.json"), JSON.stringify(manifest));
  }
});

test("finds imports in every form", () => {
  const code = `
import "a";
import b from 'b';
import { type C, c } from "c";
import * as d from "d";
import type { E } from "e";
import {
  f,
  g as G,
} from "f";
export * from "g";
export * as h from "h";
export type { I } from "i";
const j = await import("j");
const k = require("k");
const l = import.meta.resolve('l');
export const text = "import x from 'no'";
export const from = "no";
`;
  const found = importsOf(code);
  expect(found.map(({ specifier }) => specifier).join("")).toBe("abcdefghijkl");
  expect(
    found
      .filter(({ atLoad }) => atLoad)
      .map(({ specifier }) => specifier)
      .join(""),
  ).toBe("abcdfgh");
});
