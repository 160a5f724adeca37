import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Package } from "./packages.ts";
import { outsidePnpm, pnpmCommand, run } from "./run.ts";

/**
 * Packs packages as they are published.
 *
 * @param folder an empty one, which gets the archives
 * @returns the archives' files, by the names of the packages
 * @throws if pnpm fails, or an archive is missing
 */
export async function packInto(
  folder: string,
  repository: string,
  packages: readonly Package[],
): Promise<Map<string, string>> {
  const [command, ...before] = pnpmCommand();
  const filters = packages.flatMap(({ path }) => ["--filter", `./${path}`]);
  const into = ["--pack-destination", folder, "--pack-gzip-level", "1"];
  const args = [...before, "--recursive", ...filters, "pack", ...into];
  const { code, stdout, stderr } = await run(command, args, {
    cwd: repository,
    env: outsidePnpm(),
  });
  if (code !== 0) throw new Error(`pnpm pack: ${stdout}${stderr}`);
  const files = readdirSync(folder);
  return new Map(
    packages.map(({ name, version }) => {
      const file = `${name.slice(1).replace("/", "-")}-${version}.tgz`;
      if (!files.includes(file)) throw new Error(`${file} was not packed`);
      return [name, join(folder, file)];
    }),
  );
}
