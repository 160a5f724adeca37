/** What the parts of a captioned set are called. */
const kinds: ReadonlyMap<string, string> = new Map([
  ...["train", "training", "restval"].map((name) => [name, "train"] as const),
  ...["val", "valid", "validation", "dev", "development"].map((name) => [name, "val"] as const),
  ...["test", "testing"].map((name) => [name, "test"] as const),
]);

/**
 * Whether photos of `part`, as a caption file has it, belong to what is asked for by `name`: `train` is
 * `restval`, too (Karpathy & Fei-Fei 2015), and `val` what others call `dev` or `validation`.
 */
export function isPart(part: string, name: string): boolean {
  const [given, asked] = [plain(part), plain(name)];
  if (given === asked) return true;
  // The rest of the official val is a part of its own, too.
  return asked !== "restval" && kinds.has(asked) && kinds.get(given) === kinds.get(asked);
}

function plain(name: string): string {
  return name.trim().toLowerCase();
}
