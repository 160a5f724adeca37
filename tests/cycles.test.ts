import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";
import { findCycles } from "./cycles.ts";
import { importsOf } from "./imports.ts";

const repository = join(import.meta.dirname, "..");

test("no files import each other, types included", () => {
  const files = ["packages", "apps", "faces", "benchmarks"].flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter(
        (file) => /[\\/](?:src|benchmarks)[\\/]/.test(file) && !file.includes("node_modules"),
      ),
  );
  const imports = new Map(
    files.map((file) => [
      file,
      importsOf(readFileSync(file, "utf8"))
        .filter(({ specifier }) => specifier.startsWith("."))
        .map(({ specifier }) => resolve(dirname(file), specifier)),
    ]),
  );
  expect(imports.size).toBeGreaterThan(300);
  const cycles = findCycles(imports).map((cycle) =>
    cycle.map((file) => relative(repository, file)),
  );
  expect(cycles).toEqual([]);
});

test("finds cycles, also within larger ones, but not mere forks", () => {
  const imports = (text: string) =>
    new Map(
      text.split(" ").map((file) => {
        const [name = "", others = ""] = file.split(":");
        return [name, [...others]] as const;
      }),
    );
  expect(findCycles(imports("a:bc b:d c:d d:"))).toEqual([]);
  expect(findCycles(imports("a:b b:c c:a d:a")).map((cycle) => [...cycle].sort())).toEqual([
    ["a", "b", "c"],
  ]);
  expect(findCycles(imports("a:b b:ac c:d d:c"))).toHaveLength(2);
});
