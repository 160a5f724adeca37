import { writeLine } from "@attend/cli-kit";
import { Command } from "commander";
import { addQueueOption, type QueueFlags, withStore } from "./with-store.ts";

/** `attend-queue remove`. */
export function removeCommand(): Command {
  return addQueueOption(
    new Command("remove").description("remove a queue and whatever is in it"),
  ).action(async (flags: QueueFlags) => {
    const { removeQueue } = await import("../remove.ts");
    await withStore(flags, async (store) => {
      await removeQueue(store);
      await writeLine(`the queue ${store.name} is removed`);
    });
  });
}
