import { readdirSync } from "node:fs";
import { join, normalize, parse, sep } from "node:path";
import { closest, distance } from "fastest-levenshtein";

/**
 * What was probably meant by a mistyped name: the one of `names` that differs from it in the fewest
 * letters (case does not count), at most three and two of five.
 *
 * @returns undefined where none is near
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
 * What was probably meant by a path where nothing is: each part that is not there is replaced by the
 * nearest name in its folder, or by a file of the same name with another ending.
 *
 * @returns undefined where a part has none, or where it cannot be told
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
  // The very path, and yet nothing is there: a link to nowhere.
  return found === normalize(path) ? undefined : found;
}

/** Not the hidden ones, which nobody mistypes. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith("."));
  } catch {
    return [];
  }
}
