import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** A code block of a page. */
export interface Block {
  /** What follows the three backticks, such as `sh` or `ts`. */
  readonly language: string;
  readonly code: string;
  /** The number of its first line of code. */
  readonly line: number;
}

/** The relative paths, with `/`, of all pages below a folder, except for installed packages. */
export function findPages(root: string): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && name !== "node_modules" && name !== "dist")
    .flatMap((entry) => {
      const path = join(root, entry.name);
      if (entry.isDirectory()) return findPages(path).map((page) => `${entry.name}/${page}`);
      return entry.name.endsWith(".md") ? [relative(root, path).split(sep).join("/")] : [];
    })
    .sort();
}

/** The blocks of a page in one of the languages. */
export function readBlocks(page: string, ...languages: string[]): Block[] {
  const text = readFileSync(page, "utf8");
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .map(({ 1: language = "", 2: code = "", index }) => ({
      language,
      code,
      line: text.slice(0, index).split("\n").length + 1,
    }))
    .filter(({ language }) => languages.includes(language));
}
