import type { ModelResults } from "./model-results.ts";

const start = "<!-- Made from results.json by `pnpm run results`. -->";
const end = "<!-- end -->";

/** `docs/results.md`: the figures of all models, beside those that others report. */
export function resultsPage(models: readonly ModelResults[]): string {
  const rows = models.flatMap(({ model, minutes, tests }) =>
    tests.flatMap(({ test, scores, main, references }, i) => [
      [
        i === 0 ? `[${model}](../models/${model}/README.md)` : "",
        test,
        figures(scores, main),
        i === 0 ? minutes.toLocaleString("en") : "",
      ],
      ...references.map((reference) => ["", sourceOf(reference), figures(reference.scores), ""]),
    ]),
  );
  const commands = models.flatMap(({ model, commands }) => [`# ${model}`, ...commands]);
  return `${[
    "# Results",
    "What the shipped models reach on data that they were not trained on, and below it, what others report on the same\n" +
      "data. Minutes are those of the training on two cores. `pnpm run results` makes this page, and the tables of the models'\n" +
      "cards, from `results.json` beside each card.",
    table(["model", "test", "figures", "minutes"], rows, [3]),
    "Figures are comparable as far as tokens, case and test data are the same; see the cards for ours. The commands print\n" +
      "our figures:",
    ["```sh", "M=$ATTEND_DATA/multi30k", ...commands, "```"].join("\n"),
  ].join("\n\n")}\n`;
}

/**
 * A model's card with its table of scores, which stands between two comments, made anew.
 *
 * @throws RangeError if the card lacks them
 */
export function withScores(card: string, { model, tests }: ModelResults): string {
  const [before = "", rest] = card.split(start);
  const after = rest?.slice(rest.indexOf(end) + end.length);
  if (rest === undefined || after === undefined || !rest.includes(end)) {
    throw new RangeError(`models/${model}/README.md lacks "${start}" ... "${end}"`);
  }
  const metrics = [...new Set(tests.flatMap(({ scores }) => Object.keys(scores)))];
  const rows = tests.map(({ test, scores }) => [
    test,
    ...metrics.map((metric) => scores[metric] ?? ""),
  ]);
  const numeric = metrics.map((_, i) => i + 1);
  return `${before}${start}\n\n${table(["test", ...metrics], rows, numeric)}\n\n${end}${after}`;
}

function figures(scores: Readonly<Record<string, string>>, metrics = Object.keys(scores)): string {
  return metrics.map((metric) => `${metric} ${scores[metric]}`).join(", ");
}

function sourceOf({
  model,
  source,
  note,
}: ModelResults["tests"][number]["references"][number]): string {
  const linked = source === undefined ? `${model} (source not found)` : `[${model}](${source})`;
  return note === undefined ? linked : `${linked}; ${note}`;
}

/** @param numeric the columns to align right */
function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  numeric: readonly number[],
): string {
  const widths = header.map((name, i) =>
    Math.max(name.length, 3, ...rows.map((cells) => cells[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (numeric.includes(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, i) =>
    numeric.includes(i) ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  return [line(header), line(rule), ...rows.map(line)].join("\n");
}
