import { defineConfig, type ViteUserConfig } from "vitest/config";

/** The condition under which workspace packages resolve to their sources, so tests need no build. */
const conditions = ["@attend/source", "node", "import", "module", "default"];

const base = {
  // The native addon does not load in worker threads.
  pool: "forks",
  include: ["test/**/*.test.ts"],
  testTimeout: 30_000,
} as const;

const resolve = {
  ssr: { resolve: { conditions, externalConditions: ["@attend/source"] } },
  resolve: { conditions },
};

/** For packages without tensors. */
export const plain: ViteUserConfig = defineConfig({ ...resolve, test: base });

/** For packages with tensors: the same tests on the native engine and on wasm. */
export const onEveryEngine: ViteUserConfig = defineConfig({
  ...resolve,
  test: {
    projects: (["native", "wasm"] as const).map((engine) => ({
      ...resolve,
      test: { ...base, name: engine, env: { ATTEND_ENGINE: engine } },
    })),
  },
});
