import { defineConfig } from "vitest/config";
import { onEngines } from "../../vitest.shared.ts";

const engines = onEngines({
  files: "{*,!(install)/**/*}",
  everywhere:
    "{doctor,engine,gradients,memory,wasm-kernels,{attention,inference,recurrent,rows}/**/!(*.slow)}",
});

/** The tests of the install step know no engine: they run once, on their own. */
export default defineConfig({
  ...engines,
  test: {
    ...engines.test,
    // Tests choose and load engines themselves.
    isolate: true,
    projects: [
      ...(engines.test?.projects ?? []),
      { extends: true, test: { name: "install", include: ["test/install/**/*.test.ts"] } },
    ],
  },
});
