import { defineConfig } from "vitest/config";
import { onEveryEngine } from "../../vitest.shared.ts";

/** The tests of the install step know no engine: they run once, by themselves. */
export default defineConfig({
  ...onEveryEngine,
  test: {
    ...onEveryEngine.test,
    // Not by `exclude`, which would take the place of the command line's.
    include: ["test/*.test.ts", "test/!(install)/**/*.test.ts"],
    projects: [
      ...(onEveryEngine.test?.projects ?? []),
      { test: { name: "install", include: ["test/install/**/*.test.ts"] } },
    ],
  },
});
