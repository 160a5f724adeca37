import { closeSync, openSync, readSync } from "node:fs";
import os from "node:os";

/** Fields of Linux's /proc/cpuinfo that tell processors apart; virtual machines share vague names. */
const fields = ["model name", "cpu family", "model", "stepping", "CPU part", "flags", "Features"];

/** The name of this machine's processor, and everything that tells it from others. */
export interface Processor {
  readonly name: string;
  readonly identity: string;
  /** Instructions that it has, as Linux names them; empty on other systems. */
  readonly flags: ReadonlySet<string>;
}

/** This machine's processor. */
export function currentProcessor(): Processor {
  return parseProcessor(firstOf("/proc/cpuinfo") ?? `model name : ${os.cpus()[0]?.model}`);
}

/** @param text the beginning of /proc/cpuinfo */
export function parseProcessor(text: string): Processor {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, name = "", value = ""] = /^([^\t:]+?)\s*:\s*(.*)$/.exec(line) ?? [];
    if (fields.includes(name) && !values.has(name)) values.set(name, value);
  }
  return {
    name: values.get("model name") ?? `${process.arch} processor`,
    identity: fields.map((field) => values.get(field) ?? "").join("\n"),
    flags: new Set((values.get("flags") ?? values.get("Features") ?? "").split(" ")),
  };
}

/** Threads of an operation: TF_NUM_INTRAOP_THREADS, otherwise all processors. */
export function threadCount(): number {
  return Number(process.env["TF_NUM_INTRAOP_THREADS"]) || os.availableParallelism();
}

/** A part that holds the first processor: making all of it takes long where there are many. */
function firstOf(file: string): string | undefined {
  try {
    const opened = openSync(file, "r");
    try {
      const bytes = Buffer.alloc(8192);
      return bytes.toString("utf8", 0, readSync(opened, bytes));
    } finally {
      closeSync(opened);
    }
  } catch {
    return undefined;
  }
}
