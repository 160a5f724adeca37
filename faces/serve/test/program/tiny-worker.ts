// An engine process without an engine: it does as its input says.
import { setTimeout as wait } from "node:timers/promises";
import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import { serveTasks } from "../../src/worker/serve-tasks.ts";
import { batchTask, streamTask } from "../../src/worker/task.ts";

const model = z.object({ name: z.string().optional() });
const input = z.object({
  say: z.string(),
  does: z.enum(["say", "fail", "crash", "hang", "wait"]).default("say"),
});
const options = z.object({ loud: z.boolean().optional() });
let loads = 0;

async function load({ name = "tiny" }: z.output<typeof model>) {
  if (name === "none") throw new AttendError("FILE_NOT_FOUND", "none does not exist; use tiny");
  return { name, pid: process.pid, loads: ++loads };
}

async function act({ say, does }: z.output<typeof input>, signal: AbortSignal): Promise<string> {
  if (does === "crash") process.kill(process.pid, "SIGKILL");
  if (does === "hang") {
    await wait(50);
    // As an engine in the middle of a computation, it hears nothing.
    for (;;);
  }
  if (does === "wait") await wait(60_000, undefined, { signal });
  return say;
}

const batches = batchTask({
  model,
  options,
  input,
  load,
  close: () => {},
  async *run({ name, pid }, inputs, { loud, signal }) {
    for (const each of inputs) {
      const said = await act(each, signal);
      if (each.does === "fail") yield new AttendError("BAD_IMAGE", `${said} is no picture`);
      else yield { said: loud ? said.toUpperCase() : said, name, pid, loads, size: inputs.length };
    }
  },
});

const stream = streamTask({
  model,
  options,
  input,
  load,
  close: () => {},
  async *stream({ pid }, each, { signal }) {
    for (const word of each.say.split(" ")) yield { word };
    const said = await act(each, signal);
    if (each.does === "fail") throw new AttendError("BAD_DATA", `${said} is no data`);
    return { said, pid };
  },
});

serveTasks(
  {
    captions: { load: async () => ({ task: batches }) },
    chats: { load: async () => ({ task: stream }) },
  },
  { idleSeconds: Number(process.argv[2]) },
);
