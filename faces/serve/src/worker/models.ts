/** How models are loaded and freed. */
export interface Loading<Model, Options> {
  readonly load: (options: Options) => Promise<Model>;
  readonly close: (model: Model) => void | Promise<void>;
}

interface Loaded<Model> {
  readonly model: Model;
  used: number;
}

/** A process keeps this many models of a task; those that were used least lately give way. */
const maxModels = 4;

/** A task's models: loaded on first use, and kept for the next. */
export class Models<Model, Options> {
  readonly #loading: Loading<Model, Options>;
  /** The one used last is last. */
  readonly #loaded = new Map<string, Loaded<Model>>();

  constructor(loading: Loading<Model, Options>) {
    this.#loading = loading;
  }

  get keys(): string[] {
    return [...this.#loaded.keys()];
  }

  /** Loads a model, unless it is loaded. @throws what `load` throws */
  async take(key: string, options: Options): Promise<Model> {
    const model = this.#loaded.get(key)?.model ?? (await this.#loading.load(options));
    this.#loaded.delete(key);
    this.#loaded.set(key, { model, used: Date.now() });
    await this.#closeAll(this.keys.slice(0, -maxModels));
    return model;
  }

  /** Frees those that were not used since a time. */
  async closeUnused(since: number): Promise<void> {
    await this.#closeAll(this.keys.filter((key) => (this.#loaded.get(key)?.used ?? 0) < since));
  }

  async #closeAll(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const loaded = this.#loaded.get(key);
      this.#loaded.delete(key);
      if (loaded !== undefined) await this.#loading.close(loaded.model);
    }
  }
}
