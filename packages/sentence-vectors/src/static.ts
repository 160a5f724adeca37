import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatSafetensors, loadWeights, readWeights } from "@attend/nn";
import { type EngineName, loadEngine } from "@attend/runtime";
import { formatJson, parseConfig, readJson } from "@attend/runtime/config";
import { ensureWritableDirectory, writeFilesAtomic } from "@attend/runtime/files";
import { parseWordPiece, type WordPiece } from "@attend/text";
import { z } from "zod";
import { findMiniLm, miniLmInstallation } from "./mini-lm.ts";
import { SentenceEncoder } from "./sentence-encoder.ts";
import { WordVectors } from "./word-vectors.ts";

const configSchema = z.strictObject({
  task: z.literal("sentence-vectors"),
  /** Elements of a vector. */
  size: z.number().int().positive(),
});

const filesOf = (folder: string) => ({
  config: join(folder, "config.json"),
  vocabulary: join(folder, "vocabulary.json"),
  weights: join(folder, "model.safetensors"),
});

/** Options of {@link loadStaticVectors}. */
export interface StaticVectorsOptions {
  /** Default: the shipped model. */
  readonly folder?: string | undefined;
  /** By default the fastest available engine (see `loadEngine`). */
  readonly engine?: EngineName | undefined;
}

/**
 * Loads an engine and the shipped word vectors (English), whose mean is a sentence's vector. The caller disposes the encoder.
 *
 * @throws AttendError FILE_NOT_FOUND; BAD_CONFIG, BAD_DATA or BAD_WEIGHTS naming the invalid file; ENGINE_MISSING
 */
export async function loadStaticVectors({
  folder = dirname(fileURLToPath(import.meta.resolve("@attend/sentences-en/package.json"))),
  engine,
}: StaticVectorsOptions = {}): Promise<SentenceEncoder> {
  await loadEngine({ engine });
  const files = filesOf(folder);
  const { size } = parseConfig(configSchema, await readJson(files.config), files.config);
  const tokenizer = parseWordPiece(await readJson(files.vocabulary), files.vocabulary);
  const network = new WordVectors(tokenizer.size, size);
  try {
    await loadWeights(network, files.weights);
  } catch (thrown) {
    network.dispose();
    throw thrown;
  }
  const advice =
    findMiniLm() === undefined
      ? `sentences are compared by word vectors, which understand less than MiniLM; for more, ${miniLmInstallation}`
      : undefined;
  return new SentenceEncoder({ name: "static", dimension: size, advice, tokenizer, network });
}

/** Writes what {@link loadStaticVectors} reads. */
export async function saveStaticVectors(
  network: WordVectors,
  tokenizer: WordPiece,
  folder: string,
): Promise<void> {
  await ensureWritableDirectory(folder);
  const files = filesOf(folder);
  const [, size] = network.table.table.shape;
  await writeFilesAtomic([
    [files.config, formatJson({ task: "sentence-vectors", size })],
    [files.vocabulary, formatJson(tokenizer)],
    [files.weights, formatSafetensors(readWeights(network), { precision: "float16" })],
  ]);
}
