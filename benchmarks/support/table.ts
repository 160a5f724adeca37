/** A row of the results table: medians of both sides, and the target. */
export interface Row {
  readonly what: string;
  readonly unit: "ms" | "s" | "MB" | "photos/s" | "answers/s" | "tokens/s" | "lines/s";
  readonly ours: number;
  readonly torch?: number;
  /** For the ratio ours / PyTorch, or with `of: "ours"` for our own number. */
  readonly target?: {
    readonly of: "ratio" | "ours";
    readonly atMost?: number;
    readonly atLeast?: number;
  };
}

/** Prints rows as a Markdown table. */
export function printRows(rows: readonly Row[]): void {
  console.log("\n| measured | ours | PyTorch | ratio | target |");
  console.log("| --- | ---: | ---: | ---: | --- |");
  for (const row of rows) {
    const { what, unit, ours, torch } = row;
    const number = (value: number | undefined) =>
      value === undefined ? "" : `${short(value)} ${unit}`;
    const ratio = torch === undefined ? "" : (ours / torch).toFixed(2);
    console.log(`| ${[what, number(ours), number(torch), ratio, verdict(row)].join(" | ")} |`);
  }
}

function verdict({ ours, torch, unit, target }: Row): string {
  if (target === undefined) return "";
  const value = target.of === "ours" ? ours : ours / (torch ?? Number.NaN);
  const scale = target.of === "ours" ? ` ${unit}` : "x";
  const { atMost, atLeast } = target;
  const met = value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? 0);
  const limit = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
  return `${limit}${scale}: ${met ? "met" : "missed"}`;
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
