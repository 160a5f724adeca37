import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { addonLinking } from "./linking.ts";
import { runCommand } from "./run-command.ts";

const minute = 60_000;

/** The command and first arguments of a C++ compiler. */
type Compiler = readonly [command: string, ...args: string[]];

/** The compiler named by CXX, otherwise the first of the common ones that runs. */
export async function findCompiler(): Promise<Compiler> {
  const { CXX } = process.env;
  const candidates = CXX ? [CXX.trim().split(/\s+/)] : [["g++"], ["clang++"], ["c++"]];
  for (const [command = "", ...args] of candidates) {
    try {
      await runCommand(command, [...args, "--version"], { timeLimit: minute });
      return [command, ...args];
    } catch {
      // Try the next one.
    }
  }
  throw new Error(
    CXX
      ? `the compiler CXX=${CXX} does not run`
      : "no g++ or clang++ (Debian, Ubuntu: apt install g++; macOS: xcode-select --install)",
  );
}

export interface AddonSources {
  readonly compiler: Compiler;
  /** The folder of tfjs-node's C++ sources. */
  readonly sources: string;
  /** The folder of TensorFlow's headers. */
  readonly headers: string;
  /** The shared libraries to link with; at run time they are searched for in `../../deps/lib`. */
  readonly libraries: readonly string[];
  /** The file to create. */
  readonly addon: string;
  readonly napi: number;
}

/** Compiles tfjs-node's addon like its `binding.gyp`, but without node-gyp and its downloads. */
export async function compileAddon(options: AddonSources): Promise<void> {
  const { compiler, sources, headers, libraries, addon, napi } = options;
  const [command, ...args] = compiler;
  await mkdir(path.dirname(addon), { recursive: true });
  await runCommand(
    command,
    [
      ...args,
      ...["-O2", "-std=c++17", "-fPIC", `-DNAPI_VERSION=${napi}`],
      ...["-DBUILDING_NODE_EXTENSION", `-I${headers}`, `-I${nodeHeaders()}`, "-o", addon],
      ...["tfjs_backend.cc", "tfjs_binding.cc"].map((file) => path.join(sources, file)),
      ...addonLinking(process.platform, libraries),
    ],
    { timeLimit: 10 * minute },
  );
}

/** The folder of the Node-API headers. */
export function nodeHeaders(): string {
  const headers: { include_dir: string } = createRequire(import.meta.url)("node-api-headers");
  return headers.include_dir;
}
