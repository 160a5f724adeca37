import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { tsImport } from "tsx/esm/api";
import { defineConfig, type TestProjectConfiguration, type ViteUserConfig } from "vitest/config";

/**
 * All packages' tests in one run, for `pnpm coverage`; `pnpm test` uses turbo, which runs only what has
 * changed. vitest does not support nested projects, so those of the packages are listed here.
 */
export default defineConfig({
  test: {
    reporters: ["default"],
    projects: (
      await Promise.all(["packages", "apps", "faces"].flatMap(packagesIn).map(projectsOf))
    ).flat(),
    coverage: {
      provider: "v8",
      include: ["{packages,apps,faces}/*/src/**/*.ts"],
      reporter: ["text", "html", "json-summary"],
    },
  },
});

function packagesIn(folder: string): string[] {
  return readdirSync(join(import.meta.dirname, folder))
    .map((name) => join(import.meta.dirname, folder, name))
    .filter((root) => existsSync(join(root, "vitest.config.ts")));
}

async function projectsOf(root: string): Promise<TestProjectConfiguration[]> {
  const file = join(root, "vitest.config.ts");
  const { default: config }: { default: ViteUserConfig } = await tsImport(file, import.meta.url);
  const { projects = [{}], reporters: _, ...test } = config.test ?? {};
  return projects.map((project) => {
    const options = typeof project === "object" && "test" in project ? project.test : {};
    const name = [basename(root), options?.name].filter(Boolean).join(" ");
    return { ...config, root, test: { ...test, ...options, dir: root, name } };
  });
}
