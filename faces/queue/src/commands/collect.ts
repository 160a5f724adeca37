import {
  createProgress,
  interruptible,
  options,
  pathOption,
  writeJsonLine,
  writeLine,
  writeNote,
} from "@attend/cli-kit";
import { Command } from "commander";
import { addQueueOption, type QueueFlags, withStore } from "./with-store.ts";

interface CollectFlags extends QueueFlags {
  readonly out: string;
  readonly available: boolean;
  readonly json: boolean;
}

const examples = `
Examples:
  attend-queue collect --out captions.jsonl --queue redis://10.0.0.5/holiday
  attend-queue collect --out captions.jsonl --queue redis://10.0.0.5/holiday --available

Writes a JSON object on a line for each item, in the order in which they were added; of an item that failed three times,
with "error" instead of an outcome. What is on disk is freed in Redis. The same command again goes on after an
interruption.`;

/** `attend-queue collect`. */
export function collectCommand(): Command {
  return addQueueOption(
    new Command("collect").description("write the outcomes to a file, in order, each once"),
  )
    .addOption(pathOption("--out <file>", "file of JSON Lines").makeOptionMandatory())
    .option("--available", "write what is there, and do not wait for the rest", false)
    .addOption(options.json("print a JSON object: out, added, collected, failed"))
    .addOption(options.quiet())
    .addHelpText("after", examples)
    .action(run);
}

async function run({ out, available, ...flags }: CollectFlags): Promise<void> {
  const [{ collect }, { kinds }] = await Promise.all([
    import("../collect.ts"),
    import("../kinds/index.ts"),
  ]);
  await withStore(flags, async (store) => {
    const { requireWork } = await import("../work.ts");
    const { kind, collected: before, added: total } = await requireWork(store);
    const { unit } = kinds[kind];
    const label = "collecting";
    const progress = createProgress({ label, total, unit, done: before, quiet: flags.quiet });
    const { added, collected, failed } = await interruptible((signal) =>
      collect(store, {
        ...{ out, follow: !available, signal },
        onCollected: (work) => progress.update(work.collected, {}, work.added),
      }),
    ).finally(() => progress.stop());
    if (flags.json) await writeJsonLine({ out, added, collected, failed });
    else await writeLine(`${collected} of ${added} ${unit} are in ${out}`);
    if (failed === 0) return;
    process.exitCode = 1;
    writeNote(`${failed} of ${added} ${unit} failed: their lines have "error"`);
  });
}
