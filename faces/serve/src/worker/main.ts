/** An engine process of the server's pool: does one job after the other. Its argument: seconds until it forgets a model. */
import { AttendError, messageOf } from "@attend/runtime/errors";
import { modelOf } from "./model-key.ts";
import type { Failure, FromWorker, Job, ToWorker } from "./protocol.ts";
import type { Task } from "./task.ts";
import { tasks } from "./tasks.ts";

const idleMs = 1000 * Number(process.argv[2]);
const loaded = new Map<string, Task>();
const canceled = new Map<number, AbortController>();
let turn = Promise.resolve();

process.on("message", (message: ToWorker) => {
  if ("cancel" in message) canceled.get(message.cancel)?.abort();
  else {
    canceled.set(message.job, new AbortController());
    turn = turn.then(() => work(message));
  }
});
// The server has ended, however it did.
process.on("disconnect", () => process.exit());
// Ctrl-C reaches the whole group; the server decides when this process ends.
process.on("SIGINT", () => {});

setInterval(() => {
  turn = turn.then(async () => {
    for (const task of loaded.values()) await task.closeUnused(Date.now() - idleMs);
    tellModels();
  });
}, idleMs / 4);

async function work({ job, ...rest }: Job): Promise<void> {
  const { signal } = canceled.get(job) ?? new AbortController();
  let end: Failure | undefined;
  try {
    signal.throwIfAborted();
    const task = loaded.get(rest.task) ?? (await tasks[rest.task].load()).task;
    loaded.set(rest.task, task);
    for await (const { at, ...happening } of task.run({ ...rest, signal })) {
      if ("error" in happening) tell({ job, at, failure: failureOf(happening.error) });
      else tell({ job, at, ...happening });
    }
  } catch (thrown) {
    end = failureOf(thrown);
    if (end.code === undefined && !signal.aborted) console.error(thrown);
  }
  canceled.delete(job);
  tellModels();
  tell({ job, end });
}

function failureOf(thrown: unknown): Failure {
  const message = messageOf(thrown);
  return AttendError.isInstance(thrown) ? { code: thrown.code, message } : { message };
}

function tellModels(): void {
  const models = [...loaded].flatMap(([name, task]) =>
    task.models().map((key) => modelOf(name, key)),
  );
  tell({ models });
}

function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}
