import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findModel } from "@attend/model-folder";
import { readJson } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import { HttpError } from "./http-error.ts";
import { type Model, modelTasks } from "./schemas/models.ts";

/** A model and its folder. */
export interface FoundModel extends Omit<Model, "isLoaded"> {
  readonly folder: string;
}

const configSchema = z.looseObject({
  task: z.enum(modelTasks),
  kind: z.string().optional().catch(undefined),
  about: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
});

/** The models that come with the programs, by the folder's name. */
const shipped = {
  captioner: () => import.meta.resolve("@attend/captioner/package.json"),
  answerer: () => import.meta.resolve("@attend/answerer/package.json"),
  "translator-en-de": () => import.meta.resolve("@attend/translator-en-de/package.json"),
  "translator-de-en": () => import.meta.resolve("@attend/translator-de-en/package.json"),
  "translator-en-fr": () => import.meta.resolve("@attend/translator-en-fr/package.json"),
  "translator-en-ja": () => import.meta.resolve("@attend/translator-en-ja/package.json"),
  "chat-attend": () => import.meta.resolve("@attend/chat-attend/package.json"),
  "chat-small-talk": () => import.meta.resolve("@attend/chat-small-talk/package.json"),
};

/** The models that requests may name: those that are shipped, and those that were trained. */
export class ModelList {
  readonly #trained: string;

  /** @param trained the folder of trainings, which need not exist */
  constructor(trained: string) {
    this.#trained = trained;
  }

  /** All of them; what is no complete model is left out. */
  async list(): Promise<FoundModel[]> {
    const entries = existsSync(this.#trained)
      ? await readdir(this.#trained, { withFileTypes: true })
      : [];
    const trained = entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => readModel(name, join(this.#trained, name), false));
    const found = Object.entries(shipped).map(([name, resolve]) =>
      readModel(name, dirname(fileURLToPath(resolve())), true),
    );
    return (await Promise.all([...found, ...trained])).filter((each) => each !== undefined);
  }

  /**
   * The model with a name.
   *
   * @throws HttpError 404 if there is none; 400 if it is for another task
   */
  async find(name: string, task: Model["task"]): Promise<FoundModel> {
    const models = await this.list();
    const found = models.find((each) => each.name === name);
    const names = models.filter((each) => each.task === task).map((each) => each.name);
    if (found?.task === task) return found;
    const remedy = `use one of ${names.join(", ")}`;
    if (found === undefined) {
      throw new HttpError(404, "MODEL_NOT_FOUND", `there is no model "${name}"; ${remedy}`);
    }
    const message = `the model "${name}" is for ${found.task}, not ${task}; ${remedy}`;
    throw new HttpError(400, "BAD_REQUEST", message);
  }

  /** The folder of a model that may be named; undefined for the default. Throws like {@link find}. */
  async folderOf(name: string | undefined, task: Model["task"]): Promise<string | undefined> {
    return name === undefined ? undefined : (await this.find(name, task)).folder;
  }
}

async function readModel(
  name: string,
  given: string,
  isShipped: boolean,
): Promise<FoundModel | undefined> {
  try {
    const { weights } = await findModel(given, "attend-serve");
    const folder = dirname(weights);
    const { data } = configSchema.safeParse(await readJson(join(folder, "config.json")));
    if (data === undefined) return undefined;
    const { task, kind, about, from, to } = data;
    return { name, task, kind, about, from, to, isShipped, folder };
  } catch (thrown) {
    if (AttendError.isInstance(thrown)) return undefined;
    throw thrown;
  }
}
