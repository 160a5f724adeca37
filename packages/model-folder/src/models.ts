import { assignWeights, formatSafetensors, type Module, readWeights } from "@attend/nn";
import { type EngineOptions, loadEngine, type Random } from "@attend/runtime";
import { firstDifference, formatJson, parseConfig, readJson } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { ensureWritableDirectory, writeFilesAtomic } from "@attend/runtime/files";
import type { z } from "zod";
import { meanOf } from "./average.ts";
import { filesOf, findFolder, packageFolder, readTaskConfig, requireAllFiles } from "./folder.ts";
import { readTensors } from "./tensors.ts";

/** A loaded or new model; its owner disposes `network`. */
export interface Model<Config, Tokens, Network extends Module> {
  readonly config: Config;
  readonly tokens: Tokens;
  readonly network: Network;
}

/** A model without its weights. */
export interface StoredModel<Config, Tokens> {
  readonly config: Config;
  readonly tokens: Tokens;
  /** The path of its weights file, for {@link Models.loadWeights}. */
  readonly weights: string;
}

/** An app's declaration of its models. */
export interface ModelDeclaration<
  Config extends object,
  Tokens,
  Network extends Module,
  Wish extends object,
> {
  /** The models' task in config.json: `image-captioning`. */
  readonly task: string;
  /** The program whose `train` writes them, for messages. */
  readonly program: string;
  /** The schema of config.json, without `task`. */
  readonly config: z.ZodType<Config>;
  /** How vocabulary.json is read and written. */
  readonly tokens: {
    /** Parses the JSON of vocabulary.json; throws an AttendError naming `file` if it is invalid. */
    parse(json: unknown, file: string): Tokens;
    /** The JSON of vocabulary.json. */
    toJSON(tokens: Tokens): unknown;
  };
  /**
   * Builds the network of a configuration.
   *
   * @param random seeds the initial weights; absent if weights are going to be loaded
   */
  build(config: Config, tokens: Tokens, random?: Random): Network;
  /** The part of a config that the weights depend on: it must be equal for models to be averaged. */
  kindOf(config: Config): object;
  /**
   * The URL of the shipped model's package.json, from `import.meta.resolve`; absent if none is shipped.
   *
   * @param wish selects one of several
   */
  shipped?(wish?: Wish): string;
}

/** Options of {@link Models.load}: the engine and its precision, by default as `loadEngine` chooses them. */
export type LoadOptions = EngineOptions;

/** Declares the models of an app, see {@link Models}. */
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
 * Reads and writes the models of an app, each a folder with config.json, vocabulary.json and
 * model.safetensors. A `folder` to read may also be that of the training that wrote the model; without it,
 * the model that is shipped with the app is read.
 *
 * Methods that read throw AttendError: FILE_NOT_FOUND if the folder or one of its files is missing,
 * READ_FAILED, BAD_CONFIG or BAD_DATA for an invalid file or another task.
 */
export class Models<Config extends object, Tokens, Network extends Module, Wish extends object> {
  readonly #declared: ModelDeclaration<Config, Tokens, Network, Wish>;

  constructor(declaration: ModelDeclaration<Config, Tokens, Network, Wish>) {
    this.#declared = declaration;
  }

  /**
   * The folder of the model that is shipped with the app.
   *
   * @throws AttendError FILE_NOT_FOUND if there is none or it is not installed
   */
  shippedFolder(wish?: Wish): string {
    const { program } = this.#declared;
    return packageFolder(() => this.#declared.shipped?.(wish), program);
  }

  /** Reads a model's configuration. */
  async readConfig(folder?: string, wish?: Wish): Promise<Config> {
    return this.#configOf(await this.#find(folder, wish));
  }

  /** Reads a model without its weights. */
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
   * Loads a model, and an engine if none is loaded.
   *
   * @throws AttendError also BAD_WEIGHTS, ENGINE_MISSING
   */
  async load(
    folder?: string,
    options?: LoadOptions & Wish,
  ): Promise<Model<Config, Tokens, Network>> {
    const { config, tokens, weights } = await this.read(folder, options);
    await loadEngine({ engine: options?.engine, precision: options?.precision });
    const model = this.create(config, tokens);
    try {
      await this.loadWeights(model.network, weights);
    } catch (thrown) {
      model.network.dispose();
      throw thrown;
    }
    return model;
  }

  /**
   * Loads a weights file into a network, with the tensors that it borrows.
   *
   * @throws AttendError also BAD_WEIGHTS
   */
  async loadWeights(network: Module, weights: string): Promise<void> {
    assignWeights(network, await readTensors(weights), weights);
  }

  /** Makes a new model; an engine must be loaded. @param random seeds its weights */
  create(config: Config, tokens: Tokens, random?: Random): Model<Config, Tokens, Network> {
    return { config, tokens, network: this.#declared.build(config, tokens, random) };
  }

  /**
   * Checks that a model of config `given` can start from the weights of the one in `folder`, of config `saved`.
   *
   * @throws AttendError BAD_CONFIG naming the first setting that differs
   */
  requireSameKind(folder: string, saved: Config, given: Config): void {
    const { kindOf } = this.#declared;
    const difference = firstDifference(kindOf(saved), kindOf(given), "model");
    if (difference === undefined) return;
    const message = `${folder} does not match the config: ${difference.path} is ${difference.saved} there, but ${difference.given} in the config; make them the same, or use --encoder-only to start from its encoder alone`;
    throw new AttendError("BAD_CONFIG", message);
  }

  /**
   * Writes a model's folder. If it fails or is killed, the folder keeps its previous model.
   *
   * @param options `precision` of the weights; float16 halves the file without visible loss
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
   * Writes a model with the mean weights of the models in `folders`, and the config of the first.
   *
   * @param shares relative weight of each model; equal by default
   * @throws AttendError BAD_CONFIG if their kinds differ, BAD_DATA if their vocabularies differ,
   *   BAD_ARGUMENT for invalid shares
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
    await requireAllFiles(folder, program);
    return folder;
  }

  async #configOf(folder: string): Promise<Config> {
    const config = await readTaskConfig(folder, this.#declared);
    return parseConfig(this.#declared.config, config, filesOf(folder).config);
  }
}
