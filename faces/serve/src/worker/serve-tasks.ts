import { AttendError, messageOf } from "@attend/runtime/errors";
import { modelOf } from "./model-key.ts";
import type { Failure, FromWorker, Job, ToWorker } from "./protocol.ts";
import type { Task } from "./task.ts";

/** Tasks by their names; each is loaded on its first use. */
type TaskLoaders = Readonly<
  Record<string, { readonly load: () => Promise<{ readonly task: Task }> }>
>;

/**
 * Makes this process an engine process of the server's pool: it does one job after the other until the server ends it.
 *
 * @param options.idleSeconds until a model that is not used is dropped
 */
export function serveTasks(
  loaders: TaskLoaders,
  { idleSeconds }: { readonly idleSeconds: number },
): void {
  const tasks = new Map<string, Task>();
  const running = new Map<number, AbortController>();
  let turn = Promise.resolve();

  process.on("message", (message: ToWorker) => {
    if ("cancel" in message) running.get(message.cancel)?.abort();
    else {
      running.set(message.job, new AbortController());
      turn = turn.then(() => work(message));
    }
  });
  // The server has ended, however it did.
  process.on("disconnect", () => process.exit());
  // Or it had before anyone listened.
  if (!process.connected) process.exit();
  // Ctrl-C reaches the whole group; the server decides when this process ends.
  process.on("SIGINT", () => {});
  const closeUnused = async () => {
    const since = Date.now() - 1000 * idleSeconds;
    for (const task of tasks.values()) await task.closeUnused(since);
    tellModels();
  };
  setInterval(() => {
    turn = turn.then(closeUnused);
  }, 250 * idleSeconds);

  async function work({ job, task, ...rest }: Job): Promise<void> {
    const { signal } = running.get(job) ?? new AbortController();
    let end: Failure | undefined;
    try {
      signal.throwIfAborted();
      for await (const { at, ...happening } of (await taskOf(task)).run({ ...rest, signal })) {
        if ("error" in happening) tell({ job, at, failure: failureOf(happening.error) });
        else tell({ job, at, ...happening });
      }
    } catch (thrown) {
      end = failureOf(thrown);
      if (end.code === undefined && !signal.aborted) console.error(thrown);
    }
    running.delete(job);
    tellModels();
    tell({ job, end });
  }

  async function taskOf(name: string): Promise<Task> {
    const known = tasks.get(name);
    if (known !== undefined) return known;
    const loaded = await loaders[name]?.load();
    if (loaded === undefined) throw new RangeError(`there is no task ${name}`);
    tasks.set(name, loaded.task);
    return loaded.task;
  }

  function tellModels(): void {
    const models = [...tasks].flatMap(([name, task]) =>
      task.models().map((key) => modelOf(name, key)),
    );
    tell({ models });
  }
}

function failureOf(thrown: unknown): Failure {
  const message = messageOf(thrown);
  return AttendError.isInstance(thrown) ? { code: thrown.code, message } : { message };
}

function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}
