import { createProgress, interruptible, writeNote } from "@attend/cli-kit";
import { loadSentenceVectors, type SentenceVectors } from "@attend/sentence-vectors";
import type { TeachOptions } from "../teach.ts";
import type { TrainFlags } from "./flags.ts";

/** Learns something on the chosen sentence vectors, with progress. */
export async function learnOnVectors<Learned>(
  { vectors: name, engine, quiet }: Pick<TrainFlags, "vectors" | "engine" | "quiet">,
  learn: (
    vectors: SentenceVectors,
    options: Pick<TeachOptions, "signal" | "onProgress">,
  ) => Promise<Learned>,
): Promise<Learned> {
  const vectors = await loadSentenceVectors(name, { engine });
  if (vectors.advice !== undefined && !quiet) writeNote(`note: ${vectors.advice}`);
  const progress = createProgress({ total: 1, label: "learning", unit: "steps", quiet });
  const onProgress = (done: number, total: number) => progress.update(done, {}, total);
  return interruptible((signal) => learn(vectors, { signal, onProgress })).finally(() => {
    progress.stop();
    vectors.dispose();
  });
}
