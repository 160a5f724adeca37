import { readdirSync } from "node:fs";
import { join, normalize, parse, sep } from "node:path";
import { closest, distance } from "fastest-levenshtein";

/**
 * The name in `names` that was probably meant by a misspelled one: the one at the smallest edit
 * distance (ignoring case), which must be at most three and at most two in five characters.
 *
 * @returns undefined if none is close enough
 */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const typed = name.toLowerCase();
  const lowerCase = names.map((each) => each.toLowerCase());
  const near = closest(typed, lowerCase);
  const isNear = distance(typed, near) <= Math.min(3, Math.floor(typed.length * 0.4));
  return isNear ? names[lowerCase.indexOf(near)] : undefined;
}

/**
 * The path that was probably meant by one that does not exist: each missing part is replaced by the
 * closest name in its folder, or by a file of the same name with another extension.
 *
 * @returns undefined if a part has no close name, or the folder cannot be read
 */
export function nearestPath(path: string): string | undefined {
  const { root } = parse(path);
  let found = root;
  for (const part of path.slice(root.length).split(sep)) {
    if (part === "" || part === "." || part === "..") {
      found = join(found, part);
      continue;
    }
    const names = namesIn(found === "" ? "." : found);
    const { name } = parse(part);
    const meant = names.includes(part)
      ? part
      : (names.find((each) => parse(each).name === name) ?? nearestName(part, names));
    if (meant === undefined) return undefined;
    found = join(found, meant);
  }
  // The same path: it is a dangling link.
  return found === normalize(path) ? undefined : found;
}

/** Without hidden files, which are unlikely to be meant. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith("."));
  } catch {
    return [];
  }
}
