import type { ViteUserConfig } from "vitest/config";
import { plain, reportersOf } from "../vitest.shared.ts";

const folder = import.meta.dirname;

const config: ViteUserConfig = {
  ...plain,
  test: {
    ...plain.test,
    dir: folder,
    include: ["*.test.ts"],
    // Two pages' commands run at the same time, each on one core.
    maxConcurrency: 2,
    reporters: reportersOf(folder),
  },
};
export default config;
