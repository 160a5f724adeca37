/** Common names of the column, or JSON field, that names a photo. */
export const imageNames =
  "image file filename file_name image_name image_path image_file filepath path photo".split(" ");

/**
 * Finds a column among those `present`: the `chosen` one, else one of the `usual` names. Case, spaces and
 * hyphens are ignored.
 */
export function findColumn(
  present: readonly string[],
  chosen: string | undefined,
  usual: readonly string[],
): string | undefined {
  if (chosen !== undefined && present.includes(chosen)) return chosen;
  const plain = (name: string) =>
    name
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, "_");
  const names = chosen === undefined ? usual : [plain(chosen)];
  for (const name of names) {
    const found = present.find((each) => plain(each) === name);
    if (found !== undefined) return found;
  }
  return undefined;
}
