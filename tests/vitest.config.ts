import type { ViteUserConfig } from "vitest/config";
import { plain } from "../vitest.shared.ts";

const config: ViteUserConfig = {
  ...plain,
  root: import.meta.dirname,
  // Two pages' commands run at the same time, each on one core.
  test: { ...plain.test, include: ["*.test.ts"], maxConcurrency: 2 },
};
export default config;
