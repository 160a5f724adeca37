import { Command } from "commander";
import { addCommand } from "./add.ts";
import { collectCommand } from "./collect.ts";
import { removeCommand } from "./remove.ts";
import { statusCommand } from "./status.ts";
import { workCommand } from "./work.ts";

const examples = `
Examples:
  export ATTEND_QUEUE=redis://127.0.0.1/holiday
  attend-queue add captions photos/                 on one machine
  attend-queue work                                 on as many as you like
  attend-queue status                               how far it is
  attend-queue collect --out captions.jsonl         a line for each photo, in order
  attend-queue remove

The queue is in a Redis (or Valkey), which all machines reach; photos are in a folder that all have at the same path.`;

/** `attend-queue`. */
export function queueCommand(): Command {
  return new Command("attend-queue")
    .description("bulk work on several machines: captions, questions, translation, recognition")
    .addCommand(addCommand())
    .addCommand(workCommand())
    .addCommand(statusCommand())
    .addCommand(collectCommand())
    .addCommand(removeCommand())
    .addHelpText("after", examples);
}
