import { type ExecFileException, execFile } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { installed, scratchFolder } from "./support/scratch.ts";

const original = path.join(import.meta.dirname, "..", "..");
const required = [
  ...["tfjs-core", "tfjs-layers", "tfjs-backend-wasm"].map((name) => `@tensorflow/${name}`),
  ...["zod", "fastest-levenshtein"],
];

/**
 * This package as installed without its optional dependency, or with the dependency's addon
 * missing.
 */
function runtimeWithout(missing: "package" | "addon"): string {
  const folder = scratchFolder();
  const packages = path.join(folder, "node_modules", "@tensorflow");
  mkdirSync(packages, { recursive: true });
  for (const name of ["package.json", "core", "src"]) {
    cpSync(path.join(original, name), path.join(folder, name), { recursive: true });
  }
  const require = createRequire(path.join(original, "src", "index.ts"));
  for (const name of required) {
    const found = path.dirname(require.resolve(`${name}/package.json`));
    symlinkSync(found, path.join(folder, "node_modules", name));
  }
  if (missing === "addon" && installed !== undefined) {
    const copy = path.join(packages, "tfjs-node");
    for (const name of ["package.json", "dist"]) {
      cpSync(path.join(installed.folder, name), path.join(copy, name), { recursive: true });
    }
    symlinkSync(path.join(installed.folder, "..", ".."), path.join(copy, "node_modules"));
  }
  return folder;
}

interface Outcome {
  readonly code: number;
  readonly stdout: string;
}

/** Runs a file of such a package in a separate process. */
function run(folder: string, file: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const args = ["--import", import.meta.resolve("tsx"), path.join(folder, "src", file)];
  // pnpm's shims set NODE_PATH, which would make the missing package resolvable.
  const cache = path.join(folder, "cache");
  const clean = { ...process.env, NODE_PATH: "", ATTEND_ENGINE: "", ATTEND_CACHE: cache };
  return new Promise((resolve) => {
    const done = (error: ExecFileException | null, stdout: string) =>
      resolve({ code: Number(error?.code ?? 0), stdout });
    execFile(process.execPath, args, { env: { ...clean, ...env } }, done);
  });
}

describe.each(["package", "addon"] as const)("if tfjs-node's %s is missing", (missing) => {
  it("runs on wasm, and reports why and what to do", async () => {
    const printNotes =
      "import{subscribe}from'diagnostics_channel';subscribe('attend.note',(note)=>console.log(note))";
    const { code, stdout } = await run(runtimeWithout(missing), "doctor-main.ts", {
      NODE_OPTIONS: `--import=data:text/javascript,${printNotes}`,
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^WebAssembly computes, several times slower than the native engine; /);
    expect(stdout).toContain("engine    wasm, WebAssembly");
    expect(stdout).toMatch(
      missing === "package"
        ? /because {3}native does not load: @tensorflow\/tfjs-node is not installed/
        : /because {3}native does not load: tfjs_binding.node is missing from \//,
    );
    expect(stdout).toContain(
      missing === "package"
        ? "faster    install the optional package @tensorflow/tfjs-node, then run `pnpm -w run engine`"
        : "faster    run `pnpm -w run engine` to set up the native engine",
    );
  });

  it("fails if native is requested, with a one-line remedy", async () => {
    const { code, stdout } = await run(runtimeWithout(missing), "doctor-main.ts", {
      ATTEND_ENGINE: "native",
    });
    expect(code).toBe(1);
    expect(stdout).toContain("engine    none");
    expect(stdout).toMatch(
      /because {3}the native engine was requested but does not load \(.*\); run `pnpm -w run engine` to set it up/,
    );
  });

  it("succeeds in the install step", async () => {
    const env = { ATTEND_ENGINE_SETUP: "wheel", CXX: "no-such-compiler" };
    const { code, stdout } = await run(
      runtimeWithout(missing),
      path.join("install", "main.ts"),
      env,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^attend: wasm engine.*\n$/);
  });
});
