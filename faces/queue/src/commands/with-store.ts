import { writeNote } from "@attend/cli-kit";
import { messageOf } from "@attend/runtime/errors";
import { type Command, InvalidArgumentError, Option } from "commander";
import { parseQueueAddress, type QueueAddress } from "../queue-address.ts";
import type { Store } from "../store.ts";

/** What every command has. */
export interface QueueFlags {
  readonly queue: QueueAddress;
  readonly quiet: boolean;
}

/** Adds `--queue`. */
export function addQueueOption(command: Command): Command {
  return command.addOption(
    new Option("--queue <url>", "the queue: redis://host/name")
      .env("ATTEND_QUEUE")
      .argParser(readAddress)
      .makeOptionMandatory(),
  );
}

function readAddress(text: string): QueueAddress {
  try {
    return parseQueueAddress(text);
  } catch (thrown) {
    throw new InvalidArgumentError(messageOf(thrown));
  }
}

/** Does something with a queue, and closes the connection. */
export async function withStore(
  { queue, quiet }: QueueFlags,
  work: (store: Store) => Promise<void>,
): Promise<void> {
  const { Store } = await import("../store.ts");
  let isLost = false;
  const store = await Store.open(queue, (why) => {
    if (!isLost && !quiet) writeNote(`the connection is lost and tried again (${why})`);
    isLost = true;
  });
  store.redis.on("ready", () => {
    isLost = false;
  });
  try {
    await work(store);
  } finally {
    store.close();
  }
}
