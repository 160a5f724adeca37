import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { studyGradients } from "@attend/explain";
import { loadEngine } from "@attend/runtime";
import type { Compute } from "./figure.ts";
import { finiteOrNull } from "./matrix.ts";

/** A vanilla network, an LSTM and a GRU, trained with and without clipping: a small study of `explain`. */
export const gradientThroughTime: Compute<"gradient-through-time"> = async (
  { task, length, updates, ...options },
  { signal, onProgress } = {},
) => {
  await loadEngine();
  const out = await mkdtemp(join(tmpdir(), "attend-figure-"));
  try {
    const study = await studyGradients({
      ...options,
      tasks: [task],
      lengths: [length],
      steps: updates,
      out,
      signal,
      onProgress,
    });
    return {
      starts: study.starts.map(({ scale, norms }) => ({ scale, norms: finiteOrNull(norms) })),
      networks: study.trainings.map((training) => ({
        name: training.network,
        clipNorm: training.clipNorm,
        before: finiteOrNull(training.before),
        after: finiteOrNull(training.after),
        losses: finiteOrNull(training.losses),
        gradientNorms: finiteOrNull(training.gradientNorms),
        divergedAt: training.divergedAt,
      })),
      baseline: study.trainings[0]?.baseline ?? 0,
    };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
};
