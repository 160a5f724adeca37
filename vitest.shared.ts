import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { defineConfig, type ViteUserConfig } from "vitest/config";

/** The export condition that resolves workspace packages to their sources, so that tests need no build. */
const source = "@attend/source";
const conditions = [source, "node", "import", "module", "default"];

/** The package whose tests run: vitest is started there. */
const folder = process.cwd();

const shared: ViteUserConfig = {
  // That of the repository, so that no package transforms what another one has.
  root: import.meta.dirname,
  cacheDir: join(folder, "node_modules/.vite"),
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: [source] } },
  test: {
    dir: folder,
    experimental: { fsModuleCache: true },
    // The native addon does not load in worker threads.
    pool: "forks",
    // Loading the engine takes longer than most files: those of a package share a process.
    isolate: false,
    // Long enough that no test fails because the machine is busy.
    testTimeout: 300_000,
    // Loading the engine is slow on a busy machine.
    hookTimeout: 300_000,
    // Two of 8,810 tests failed on a slow machine and on no other. The log tells what ran again: "retry x1".
    retry: process.env["CI"] ? 1 : 0,
    reporters: reportersOf(folder),
  },
};

/** `.ci/run` counts the results of the second one. */
export function reportersOf(folder: string): ["default", ["json", { outputFile: string }]] {
  return ["default", ["json", { outputFile: join(folder, ".vitest/report.json") }]];
}

/** For packages without tensors. */
export const plain: ViteUserConfig = defineConfig({
  ...shared,
  test: { ...shared.test, include: ["test/**/*.test.ts"] },
});

/** For packages with tensors: native and wasm, except that slow tests run on one engine. */
export const onEveryEngine: ViteUserConfig = onEngines();

/**
 * Runs `files` on the first engine, which is native if it is set up, and `everywhere` on the others as
 * well; both are patterns of names below `test`, without `.test.ts`. ATTEND_ENGINE leaves one engine.
 */
export function onEngines({ files = "**/*", everywhere = "**/!(*.slow)" } = {}): ViteUserConfig {
  return defineConfig({
    ...shared,
    test: {
      ...shared.test,
      projects: enginesToTest().map((engine, i) => ({
        extends: true,
        test: {
          name: engine,
          env: { ATTEND_ENGINE: engine },
          // Not `exclude`, which would replace that of the command line.
          include: [`test/${i === 0 ? files : everywhere}.test.ts`],
        },
      })),
    },
  });
}

function enginesToTest(): readonly string[] {
  const forced = process.env["ATTEND_ENGINE"];
  if (forced) return [forced];
  if (nativeAddonExists()) return ["native", "wasm"];
  process.stderr.write(
    "native engine skipped: tfjs_binding.node is missing from @tensorflow/tfjs-node; run `pnpm install`\n",
  );
  return ["wasm"];
}

function nativeAddonExists(): boolean {
  const runtime = createRequire(new URL("packages/runtime/package.json", import.meta.url));
  try {
    const lib = join(dirname(runtime.resolve("@tensorflow/tfjs-node/package.json")), "lib");
    return readdirSync(lib).some(
      (folder) => folder.startsWith("napi-v") && existsSync(join(lib, folder, "tfjs_binding.node")),
    );
  } catch {
    return false;
  }
}
