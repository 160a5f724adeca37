/** The common names of a data set's parts. */
const kinds: ReadonlyMap<string, string> = new Map([
  ...["train", "training", "restval"].map((name) => [name, "train"] as const),
  ...["val", "valid", "validation", "dev", "development"].map((name) => [name, "val"] as const),
  ...["test", "testing"].map((name) => [name, "test"] as const),
]);

/**
 * Whether `part`, as a caption file names it, belongs to the requested `name`: `train` includes `restval`
 * (Karpathy & Fei-Fei 2015), and `val` is also called `dev` or `validation`.
 */
export function isPart(part: string, name: string): boolean {
  const [actual, requested] = [plain(part), plain(name)];
  if (actual === requested) return true;
  // `restval` can also be requested on its own.
  return (
    requested !== "restval" && kinds.has(requested) && kinds.get(actual) === kinds.get(requested)
  );
}

function plain(name: string): string {
  return name.trim().toLowerCase();
}
