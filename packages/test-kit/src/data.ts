import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * A folder or file below the data root, which is ATTEND_DATA or else `../shared/data` beside the
 * repository; undefined if it does not exist.
 */
export function dataFolder(...parts: string[]): string | undefined {
  const path = dataPath(parts);
  return existsSync(path) ? path : undefined;
}

/** A `describe` that is skipped if its data is missing; the skipped test names the missing path. */
export function describeWithData(
  name: string,
  parts: readonly string[],
  tests: (folder: string) => void,
): void {
  const folder = dataFolder(...parts);
  if (folder === undefined) {
    test.skip(`${name} (${dataPath(parts)} is missing; set ATTEND_DATA)`);
  } else {
    describe(name, () => tests(folder));
  }
}

/**
 * Reads golden values: `loadGolden<Golden>(new URL("./golden/lstm.golden.json", import.meta.url))`. The
 * type is not checked. The script that generates the file lies beside it.
 */
export function loadGolden<T>(url: URL): T {
  try {
    return JSON.parse(readFileSync(url, "utf8"));
  } catch (cause) {
    const remedy = "run the script beside it that generates it (NaN is not JSON)";
    throw new Error(`golden values ${fileURLToPath(url)} cannot be read; ${remedy}`, { cause });
  }
}

function dataPath(parts: readonly string[]): string {
  return join(process.env["ATTEND_DATA"] || join(repository, "../shared/data"), ...parts);
}
