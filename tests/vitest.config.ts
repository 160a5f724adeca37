import type { ViteUserConfig } from "vitest/config";
import { plain } from "../vitest.shared.ts";

const config: ViteUserConfig = {
  ...plain,
  root: import.meta.dirname,
  test: { ...plain.test, include: ["*.test.ts"] },
};
export default config;
