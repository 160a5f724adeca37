import { defineConfig, type TestProjectConfiguration } from "vitest/config";
import { onEveryEngine } from "../../vitest.shared.ts";

const install = ["test/install/**/*.test.ts"];

/** The tests of the install step know no engine: they run once, by themselves. */
export default defineConfig({
  ...onEveryEngine,
  test: {
    ...onEveryEngine.test,
    projects: [
      ...(onEveryEngine.test?.projects ?? []).map(withoutInstall),
      { test: { name: "install", include: install, testTimeout: 60_000 } },
    ],
  },
});

function withoutInstall(project: TestProjectConfiguration): TestProjectConfiguration {
  if (typeof project !== "object" || !("test" in project)) return project;
  return { ...project, test: { ...project.test, exclude: install } };
}
