import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AttendError, messageOf } from "@attend/runtime/errors";
import { ensureWritableDirectory } from "@attend/runtime/files";
import { HttpError } from "../http-error.ts";
import { type Training, type TrainingRequest, trainingName } from "../schemas/trainings.ts";
import { argumentsOf } from "./commands.ts";
import { signalProgram, startProgram } from "./program.ts";
import {
  isRunning,
  readRecord,
  type TrainingRecord,
  trainingFiles,
  writeRecord,
} from "./record.ts";
import { describe } from "./state.ts";

/** Where trainings are, and how many run at a time. */
export interface TrainingsOptions {
  /** The folder of all trainings; created when the first one starts. */
  readonly folder: string;
  /** Whether a request may name files of this machine; otherwise only what was uploaded. */
  readonly localPaths: boolean;
  /** Default 1; the others wait. */
  readonly maxRunning?: number | undefined;
}

const pollMs = 1000;

/**
 * The trainings below a folder. Each is the `train` command of a program, in a process that outlives this one, and a folder
 * that tells its state: another `Trainings` over the same folder finds them all, and what waits is started by it.
 */
export class Trainings {
  readonly #folder: string;
  readonly #localPaths: boolean;
  readonly #maxRunning: number;
  readonly #closed = new AbortController();
  /** Changes happen one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ folder, localPaths, maxRunning = 1 }: TrainingsOptions) {
    this.#folder = resolve(folder);
    this.#localPaths = localPaths;
    this.#maxRunning = maxRunning;
    void this.#watch();
  }

  /** Stops looking after them; those that run go on. */
  close(): void {
    this.#closed.abort();
  }

  /**
   * The folder for the data of a training that is to start, which exists or not.
   *
   * @throws HttpError 409 if there is one of this name
   */
  dataFolder(name: string): string {
    const folder = this.folderOf(name);
    if (filesIn(folder).some((file) => file !== trainingFiles.data)) {
      const message = `there is a training named ${name} already; resume or delete it, or choose another name`;
      throw new HttpError(409, "TRAINING_EXISTS", message);
    }
    return join(folder, trainingFiles.data);
  }

  /** @throws AttendError BAD_ARGUMENT for a name that could be another path */
  folderOf(name: string): string {
    if (trainingName.safeParse(name).success) return join(this.#folder, name);
    const message = `${JSON.stringify(name)} is not a training's name; use letters, digits, _, . and -`;
    throw new AttendError("BAD_ARGUMENT", message);
  }

  /**
   * Starts a training, or lets it wait for those before.
   *
   * @throws HttpError 409 if there is one of this name; AttendError BAD_ARGUMENT for invalid data or options
   */
  start({ name, kind, data, options }: TrainingRequest): Promise<Training> {
    return this.#inTurn(async () => {
      const places = { folder: this.dataFolder(name), anywhere: this.#localPaths };
      const args = argumentsOf({ kind, data, options }, places);
      const folder = this.folderOf(name);
      await ensureWritableDirectory(folder);
      const created = new Date().toISOString();
      await writeRecord(folder, { kind, created, args, wanted: "waiting" });
      await this.#advance();
      return this.get(name);
    });
  }

  /** Every training, the newest first. */
  async list(): Promise<Training[]> {
    const all = (await this.#records()).map(({ name, folder, record }) =>
      describe(name, folder, record),
    );
    return all.sort((a, b) => b.created.localeCompare(a.created));
  }

  /** @throws HttpError 404 */
  async get(name: string): Promise<Training> {
    return describe(name, this.folderOf(name), await this.#recordOf(name));
  }

  /** Ends a training after its current step, with a checkpoint; one that does not run stays as it is. */
  stop(name: string): Promise<Training> {
    return this.#change(name, async (folder, record) => {
      if (record.wanted === "stopped") return;
      if (record.wanted === "running" && !isRunning(record)) return;
      await writeRecord(folder, { ...record, wanted: "stopped" });
      signalProgram(record, "SIGINT");
    });
  }

  /** Continues a training from its last checkpoint, when its turn has come; a running or finished one stays as it is. */
  resume(name: string): Promise<Training> {
    return this.#change(name, async (folder, record) => {
      const { state } = describe(name, folder, record);
      if (state !== "stopped" && state !== "failed") return;
      const { process: _, ...rest } = record;
      await writeRecord(folder, { ...rest, wanted: "waiting" });
    });
  }

  /**
   * Removes all files of a training: its data, also of one that was never started, its checkpoints and its model. One that is
   * stopping ends at once.
   *
   * @throws HttpError 404, 409 if it is running; AttendError WRITE_FAILED if a file cannot be removed
   */
  delete(name: string): Promise<void> {
    return this.#inTurn(async () => {
      const folder = this.folderOf(name);
      const isData = filesIn(folder).join() === trainingFiles.data;
      if (!isData) await this.#end(name);
      await remove(folder).catch((cause) => {
        const message = `cannot remove training ${name}: ${messageOf(cause)}; let the server write there, then delete it again`;
        throw new AttendError("WRITE_FAILED", message, { cause });
      });
      await this.#advance();
    });
  }

  /** Ends the process of a training that is stopping. */
  async #end(name: string): Promise<void> {
    const record = await this.#recordOf(name);
    if (isRunning(record) && record.wanted !== "stopped") {
      throw new HttpError(
        409,
        "TRAINING_RUNS",
        `training ${name} is running; stop it, then delete it`,
      );
    }
    signalProgram(record, "SIGKILL");
    while (isRunning(record)) await sleep(20);
  }

  async #change(
    name: string,
    change: (folder: string, record: TrainingRecord) => Promise<void>,
  ): Promise<Training> {
    return this.#inTurn(async () => {
      const folder = this.folderOf(name);
      await change(folder, await this.#recordOf(name));
      await this.#advance();
      return this.get(name);
    });
  }

  async #recordOf(name: string): Promise<TrainingRecord> {
    const folder = this.folderOf(name);
    if (existsSync(join(folder, trainingFiles.record))) return readRecord(folder);
    const message = `there is no training named ${name}; see GET /v1/trainings`;
    throw new HttpError(404, "NOT_FOUND", message);
  }

  /** All that can be read; a folder that something else has written is no training. */
  async #records(): Promise<{ name: string; folder: string; record: TrainingRecord }[]> {
    const names = filesIn(this.#folder).filter((name) => trainingName.safeParse(name).success);
    const found = names.map(async (name) => {
      const folder = join(this.#folder, name);
      const record = await readRecord(folder).catch(() => undefined);
      return record === undefined ? [] : [{ name, folder, record }];
    });
    return (await Promise.all(found)).flat();
  }

  /** Starts what has waited longest, as far as there is room. */
  async #advance(): Promise<void> {
    const all = await this.#records();
    const waiting = all.filter(({ record }) => record.wanted === "waiting");
    if (waiting.length === 0) return;
    waiting.sort((a, b) => a.record.created.localeCompare(b.record.created));
    let room = this.#maxRunning - all.filter(({ record }) => isRunning(record)).length;
    for (const { folder, record } of waiting) {
      if (room-- <= 0) return;
      const { process, ended } = await startProgram(folder, record);
      await writeRecord(folder, { ...record, wanted: "running", process });
      void ended.then(() => this.#look());
    }
  }

  /** Those that an earlier server has started end without telling this one. */
  async #watch(): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      await this.#look();
      await sleep(pollMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  async #look(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    await this.#inTurn(() => this.#advance()).catch(() => {});
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(() => work());
    this.#turn = result.catch(() => {});
    return result;
  }
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Its record goes last, so that a training that cannot be removed is still one. */
async function remove(folder: string): Promise<void> {
  const others = filesIn(folder).filter((file) => file !== trainingFiles.record);
  for (const path of [...others.map((file) => join(folder, file)), folder]) {
    await rm(path, { recursive: true, force: true });
  }
}
