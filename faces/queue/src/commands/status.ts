import { formatDuration, options, writeJsonLine, writeLine } from "@attend/cli-kit";
import { printable } from "@attend/runtime/errors";
import { Command } from "commander";
import type { Status } from "../status.ts";
import { addQueueOption, type QueueFlags, withStore } from "./with-store.ts";

interface StatusFlags extends QueueFlags {
  readonly json: boolean;
}

const examples = `
Examples:
  attend-queue status --queue redis://10.0.0.5/holiday
  attend-queue status --queue redis://10.0.0.5/holiday --json | jq .rate`;

/** `attend-queue status`. */
export function statusCommand(): Command {
  return addQueueOption(
    new Command("status").description("how far a queue is: rate, time left, failures, workers"),
  )
    .addOption(options.json("print a JSON object, with up to 1000 of the items that failed"))
    .addHelpText("after", examples)
    .action(show);
}

async function show(flags: StatusFlags): Promise<void> {
  const { readStatus } = await import("../status.ts");
  await withStore(flags, async (store) => {
    const status = await readStatus(store);
    if (!flags.json) return writeLine(describe(status));
    const { failedLines, ...rest } = status;
    const failedItems = failedLines.map((line): unknown => JSON.parse(line));
    await writeJsonLine({ ...rest, failedItems });
  });
}

/** Failures that are shown as text. */
const shown = 10;

function describe(status: Status): string {
  const { kind, source, unit, added, complete, done, failed, collected, workers } = status;
  const { rate, secondsLeft, batches, failures, failedLines } = status;
  const share = added > 0 ? `${Math.floor((100 * done) / added)} %` : "0 %";
  const left = secondsLeft === undefined ? "" : `, ${formatDuration(secondsLeft)} left`;
  const reasons = Object.entries(failures).map(([code, count]) => `${code} ${count}`);
  const lines = [
    `${kind} of ${source}`,
    `added      ${added} ${unit}${complete ? "" : ", not all yet"}`,
    `done       ${done} (${share}); ${failed} of them failed`,
    `collected  ${collected}`,
    `rate       ${rate.toFixed(1)}/s${left}`,
    `batches    ${batches.waiting} waiting, ${batches.active} in work, ${batches.delayed} to be tried again`,
    `workers    ${workers.length}`,
    ...workers.map(
      (each) =>
        `           ${each.host} ${each.pid}: ${each.rate.toFixed(1)}/s, ${each.processes} processes`,
    ),
    ...(reasons.length > 0 ? [`failures   ${reasons.join(", ")}`] : []),
    ...failedLines.slice(0, shown).map((line) => `           ${line}`),
  ];
  return lines.map(printable).join("\n");
}
