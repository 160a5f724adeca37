import { availableParallelism } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import {
  decimalOption,
  interruptible,
  options,
  wholeOption,
  writeLine,
  writeNote,
} from "@attend/cli-kit";
import { Command } from "commander";
import type { Store } from "../store.ts";
import type { Work } from "../work.ts";
import { addQueueOption, type QueueFlags, withStore } from "./with-store.ts";

interface WorkFlags extends QueueFlags {
  readonly processes?: number;
  readonly timeout: number;
  readonly lostAfter: number;
  readonly untilDone?: true;
}

const examples = `
Examples:
  attend-queue work --queue redis://10.0.0.5/holiday                  until Ctrl-C
  attend-queue work --queue redis://10.0.0.5/holiday --until-done
  attend-queue work --queue redis://10.0.0.5/holiday --processes 8

Ctrl-C and SIGTERM end it when the batches that it has are done; whatever else ends it costs a retry.`;

/** Processors that an engine process uses, unless told otherwise. */
const processorsOfProcess = 4;

/** `attend-queue work`. */
export function workCommand(): Command {
  return addQueueOption(new Command("work").description("work on a queue"))
    .addOption(
      wholeOption("--processes <n>", "engine processes, which share the processors evenly", {
        min: 1,
        max: 256,
      }),
    )
    .addOption(
      decimalOption("--timeout <s>", "seconds for an item", { min: 0.1, max: 86_400 }).default(600),
    )
    .addOption(
      decimalOption("--lost-after <s>", "seconds of silence until others get its batches", {
        min: 1,
        max: 3600,
      }).default(30),
    )
    .option("--until-done", "end when every item has an outcome")
    .addOption(options.quiet())
    .addHelpText("after", examples)
    .action(work);
}

async function work(flags: WorkFlags): Promise<void> {
  const processors = availableParallelism();
  const { processes = Math.max(1, Math.floor(processors / processorsOfProcess)) } = flags;
  // Read by the engine of each process.
  process.env["TF_NUM_INTRAOP_THREADS"] ??= String(Math.max(1, Math.floor(processors / processes)));
  const note = (text: string) => flags.quiet || writeNote(text);
  await interruptible((signal) =>
    withStore(flags, async (store) => {
      const found = await waitForWork(store, signal, () => {
        note(`waiting until something is added to the queue ${store.name}`);
      });
      if (found === undefined) return;
      const { startWorker } = await import("../worker.ts");
      let done = 0;
      const worker = await startWorker(store, found, {
        ...{ ...flags, processes },
        onTrouble: (message) => note(`warning: ${message}`),
        onDone: (count) => {
          done += count;
        },
      });
      note(`working on ${found.kind} of ${found.source}`);
      try {
        while (!signal.aborted && !(flags.untilDone && (await isDone(store)))) {
          await wait(500, undefined, { signal }).catch(() => {});
        }
      } finally {
        await worker.close();
      }
      await writeLine(`${done} items were done here`);
    }),
  );
}

async function waitForWork(
  store: Store,
  signal: AbortSignal,
  onWait: () => void,
): Promise<Work | undefined> {
  const { readWork } = await import("../work.ts");
  let isWaiting = false;
  for (;;) {
    const found = await readWork(store);
    if (found !== undefined || signal.aborted) return found;
    if (!isWaiting) onWait();
    isWaiting = true;
    await wait(1000, undefined, { signal }).catch(() => {});
  }
}

/** Whether there is nothing to do anymore. */
async function isDone(store: Store): Promise<boolean> {
  const { readWork } = await import("../work.ts");
  const found = await readWork(store);
  return found === undefined || (found.complete && found.done === found.added);
}
