import { formatSafetensors, loadWeights, type Module, readWeights } from "@attend/nn";
import { type EngineName, loadEngine, type Random } from "@attend/runtime";
import { formatJson, parseConfig, readJson } from "@attend/runtime/config";
import { ensureWritableDirectory, writeFilesAtomic } from "@attend/runtime/files";
import type { z } from "zod";
import { meanOf } from "./average.ts";
import { filesOf, findFolder, packageFolder, readTaskConfig, requireWhole } from "./folder.ts";

/** A model at work; its owner disposes `network`. */
export interface Model<Config, Tokens, Network extends Module> {
  readonly config: Config;
  readonly tokens: Tokens;
  readonly network: Network;
}

/** A model's folder, read but for its weights. */
export interface StoredModel<Config, Tokens> {
  readonly config: Config;
  readonly tokens: Tokens;
  /** The file of its weights. */
  readonly weights: string;
}

/** What an app declares of its models. */
export interface ModelDeclaration<
  Config extends object,
  Tokens,
  Network extends Module,
  Wish extends object,
> {
  /** What the models are for, as their config.json says it: `image-captioning`. */
  readonly task: string;
  /** The program whose `train` writes them, for messages. */
  readonly program: string;
  /** Of config.json, but for `task`. */
  readonly config: z.ZodType<Config>;
  /** Of vocabulary.json; `file` names it in errors. */
  readonly tokens: {
    /**
     * Tokens from the JSON of vocabulary.json; throws an AttendError where that is no vocabulary.
     */
    parse(json: unknown, file: string): Tokens;
    /** What vocabulary.json is to hold. */
    toJSON(tokens: Tokens): unknown;
  };
  /**
   * The network of a configuration.
   *
   * @param random decides the first weights; without it they may be anything, since others are loaded
   */
  build(config: Config, tokens: Tokens, random?: Random): Network;
  /** What of a config the weights belong to: models where it differs cannot be averaged. */
  kindOf(config: Config): object;
  /**
   * The address of the package.json of the model that comes with the app, by `import.meta.resolve`; absent
   * where none does.
   *
   * @param wish chooses among several
   */
  shipped?(wish?: Wish): string;
}

/** How a model is loaded. */
export interface LoadOptions {
  /** By default the fastest that loads (see `loadEngine`). */
  readonly engine?: EngineName | undefined;
}

/** The models of an app: see {@link Models}. */
export function defineModel<
  Config extends object,
  Tokens,
  Network extends Module,
  Wish extends object = object,
>(
  declaration: ModelDeclaration<Config, Tokens, Network, Wish>,
): Models<Config, Tokens, Network, Wish> {
  return new Models(declaration);
}

/**
 * Reads and writes the models of an app, each a folder of config.json, vocabulary.json and
 * model.safetensors. A `folder` that is read may be that of the training which wrote the model; where it is
 * absent, it is that of the model that comes with the app.
 *
 * What reads throws AttendError: FILE_NOT_FOUND where the folder or a file of it is absent, READ_FAILED,
 * BAD_CONFIG or BAD_DATA naming the file that does not fit, or another task.
 */
export class Models<Config extends object, Tokens, Network extends Module, Wish extends object> {
  readonly #declared: ModelDeclaration<Config, Tokens, Network, Wish>;

  constructor(declaration: ModelDeclaration<Config, Tokens, Network, Wish>) {
    this.#declared = declaration;
  }

  /**
   * The folder of the model that comes with the app.
   *
   * @throws AttendError FILE_NOT_FOUND where none does or it is not installed
   */
  shippedFolder(wish?: Wish): string {
    const { program } = this.#declared;
    return packageFolder(() => this.#declared.shipped?.(wish), program);
  }

  /** A model's configuration alone. */
  async readConfig(folder?: string, wish?: Wish): Promise<Config> {
    return this.#configOf(await this.#find(folder, wish));
  }

  /** All but the weights. */
  async read(folder?: string, wish?: Wish): Promise<StoredModel<Config, Tokens>> {
    const found = await this.#find(folder, wish);
    const { tokens, weights } = filesOf(found);
    return {
      config: await this.#configOf(found),
      tokens: this.#declared.tokens.parse(await readJson(tokens), tokens),
      weights,
    };
  }

  /**
   * A model ready for use; loads an engine where none is.
   *
   * @throws AttendError BAD_WEIGHTS, ENGINE_MISSING, too
   */
  async load(
    folder?: string,
    options?: LoadOptions & Wish,
  ): Promise<Model<Config, Tokens, Network>> {
    const { config, tokens, weights } = await this.read(folder, options);
    await loadEngine({ engine: options?.engine });
    const model = this.create(config, tokens);
    try {
      await loadWeights(model.network, weights);
    } catch (thrown) {
      model.network.dispose();
      throw thrown;
    }
    return model;
  }

  /** A new model; an engine must be loaded. @param random decides its weights */
  create(config: Config, tokens: Tokens, random?: Random): Model<Config, Tokens, Network> {
    return { config, tokens, network: this.#declared.build(config, tokens, random) };
  }

  /**
   * Writes a model's folder. What ends it before its end leaves the model that was there.
   *
   * @param options `precision` of the weights; float16 halves the file at no loss that an output shows
   * @throws AttendError WRITE_FAILED
   */
  async save(
    { config, tokens, network }: Model<Config, Tokens, Network>,
    folder: string,
    { precision = "float16" }: { precision?: "float32" | "float16" } = {},
  ): Promise<void> {
    await ensureWritableDirectory(folder);
    const declared = this.#declared;
    const files = filesOf(folder);
    await writeFilesAtomic([
      [files.config, formatJson({ task: declared.task, ...config })],
      [files.tokens, formatJson(declared.tokens.toJSON(tokens))],
      [files.weights, formatSafetensors(readWeights(network), { precision })],
    ]);
  }

  /**
   * Writes a model with the mean weights of the models in `folders`; its config is that of the first.
   *
   * @param shares how much each counts; by default all alike
   * @throws AttendError BAD_CONFIG where they are not of one kind, BAD_DATA where they have other tokens,
   *   BAD_ARGUMENT for shares that do not fit
   */
  async average(
    folders: readonly string[],
    out: string,
    shares?: readonly number[],
  ): Promise<void> {
    const mean = await meanOf<Model<Config, Tokens, Network>>(
      folders,
      {
        load: (folder) => this.load(folder),
        kindOf: ({ config }) => this.#declared.kindOf(config),
        tokensOf: ({ tokens }) => this.#declared.tokens.toJSON(tokens),
      },
      shares,
    );
    try {
      await this.save(mean, out);
    } finally {
      mean.network.dispose();
    }
  }

  async #find(given: string | undefined, wish: Wish | undefined): Promise<string> {
    const { program } = this.#declared;
    const folder =
      given === undefined ? this.shippedFolder(wish) : await findFolder(given, program);
    await requireWhole(folder, program);
    return folder;
  }

  async #configOf(folder: string): Promise<Config> {
    const config = await readTaskConfig(folder, this.#declared);
    return parseConfig(this.#declared.config, config, filesOf(folder).config);
  }
}
