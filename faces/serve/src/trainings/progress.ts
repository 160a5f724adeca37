import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { tryParseJson } from "@attend/runtime/config";
import { z } from "zod";
import { trainingEventSchemas } from "../schemas/trainings.ts";
import { stagesOf } from "./record.ts";

const entrySchema = z.discriminatedUnion("type", [
  trainingEventSchemas.step.extend({ type: z.literal("step") }),
  trainingEventSchemas.validation.extend({ type: z.literal("validation") }),
]);

/** A line of a training's log. Steps count through all stages. */
export type LogEntry = z.output<typeof entrySchema>;

/** At most so much of a log is read at a time; a longer one loses its beginning. */
const maxBytes = 32e6;

/** Reads the logs of a training's stages as they grow, one after the other. */
export class LogReader {
  readonly #folder: string;
  #stage = 0;
  #offset = 0;
  /** Steps of the stages before, and the last of this one. */
  #before = 0;
  #step = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The entries since the last call. */
  read(): LogEntry[] {
    const entries: LogEntry[] = [];
    for (let stages = stagesOf(this.#folder); this.#stage < stages.length; ) {
      entries.push(...this.#readStage(stages[this.#stage] ?? ""));
      const next = stages[this.#stage + 1];
      if (next === undefined || !existsSync(join(next, "log.jsonl"))) break;
      this.#before += this.#step;
      this.#stage++;
      this.#offset = 0;
      this.#step = 0;
    }
    return entries;
  }

  #readStage(folder: string): LogEntry[] {
    const file = join(folder, "log.jsonl");
    if (!existsSync(file)) return [];
    // A resumed training has dropped what came after its checkpoint.
    if (statSync(file).size < this.#offset) this.#offset = 0;
    const { text, end } = linesFrom(file, this.#offset);
    this.#offset = end;
    const entries: LogEntry[] = [];
    for (const line of text.split("\n")) {
      const entry = entrySchema.safeParse(tryParseJson(line)).data;
      if (entry === undefined || entry.step < this.#step) continue;
      this.#step = entry.step;
      entries.push({ ...entry, step: this.#before + entry.step });
    }
    return entries;
  }
}

/** The whole lines from an offset on, and where they end. */
function linesFrom(file: string, offset: number): { text: string; end: number } {
  const handle = openSync(file, "r");
  try {
    const { size } = fstatSync(handle);
    const from = Math.max(offset, size - maxBytes);
    const bytes = Buffer.alloc(size - from);
    const length = readSync(handle, bytes, 0, bytes.length, from);
    const whole = bytes.subarray(0, length).lastIndexOf("\n") + 1;
    return { text: bytes.toString("utf8", 0, whole), end: from + whole };
  } finally {
    closeSync(handle);
  }
}

/** At most `count` steps, evenly chosen and with the last, and all validations. */
export function thinned(entries: readonly LogEntry[], count: number): LogEntry[] {
  const steps = entries.filter(({ type }) => type === "step").length;
  const every = Math.max(1, Math.ceil(steps / count));
  let seen = 0;
  return entries.filter(({ type }) => type !== "step" || (steps - ++seen) % every === 0);
}

/** The last line that the program wrote. */
export function lastLine(file: string): string | undefined {
  return tailOf(file, 4096).trimEnd().split("\n").at(-1)?.slice(0, 1000) || undefined;
}

/** What a training has reached, from the ends of its logs. */
export function latestOf(folder: string): { step?: LogEntry; validation?: LogEntry } {
  let before = 0;
  const latest: { step?: LogEntry; validation?: LogEntry } = {};
  for (const stage of stagesOf(folder)) {
    let last = 0;
    for (const line of tailOf(join(stage, "log.jsonl"), 65_536).split("\n")) {
      const entry = entrySchema.safeParse(tryParseJson(line)).data;
      if (entry === undefined) continue;
      last = entry.step;
      latest[entry.type] = { ...entry, step: before + entry.step };
    }
    before += last;
  }
  return latest;
}

function tailOf(file: string, bytes: number): string {
  if (!existsSync(file)) return "";
  const handle = openSync(file, "r");
  try {
    const { size } = fstatSync(handle);
    const tail = Buffer.alloc(Math.min(size, bytes));
    const length = readSync(handle, tail, 0, tail.length, size - tail.length);
    return tail.toString("utf8", 0, length);
  } finally {
    closeSync(handle);
  }
}
