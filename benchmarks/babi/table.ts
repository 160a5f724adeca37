import { published } from "./published.ts";
import type { ReaderKind } from "./recipes.ts";

/** Shares of wrong answers by reader, and by the number of the task. */
export type Errors = ReadonlyMap<ReaderKind, ReadonlyMap<number, number>>;

/** A task counts as failed with more wrong answers than this (Weston et al. 2015). */
const failedAbove = 5;

/** The table of the tasks: ours beside the published ones, in percent of wrong answers. */
export function formatTable(names: ReadonlyMap<number, string>, measured: Errors): string {
  const ours = [...measured].map(([name, errors]) => {
    const percents = new Map([...errors].map(([task, error]) => [task, 100 * error]));
    const each = [...percents.values()];
    const mean = each.reduce((sum, error) => sum + error, 0) / each.length;
    const failed = each.filter((error) => error > failedAbove).length;
    return { name: `${name}`, of: (task: number) => percents.get(task), mean, failed };
  });
  const theirs = published.map(({ name, errors, mean, failed }) => {
    return { name: `*${name}*`, of: (task: number) => errors?.[task], mean, failed };
  });
  const columns = [...ours, ...theirs];
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const one = (value: number | undefined) => value?.toFixed(1) ?? "";
  return [
    row(["task", ...columns.map(({ name }) => name)]),
    `| --- |${" ---: |".repeat(columns.length)}`,
    ...[...names].map(([task, name]) =>
      row([`${task} ${name}`, ...columns.map(({ of }) => one(of(task)))]),
    ),
    row(["mean error", ...columns.map(({ mean }) => mean.toFixed(2))]),
    row(["failed tasks", ...columns.map(({ failed }) => `${failed ?? ""}`)]),
  ].join("\n");
}
