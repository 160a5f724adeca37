import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { studyGradients } from "@attend/explain";
import { loadEngine } from "@attend/runtime";
import type { Figure } from "./figure.ts";
import { finiteOrNull } from "./matrix.ts";

/** A vanilla network, an LSTM and a GRU, trained with and without clipping: a small study of `explain`. */
export const gradientThroughTime: Figure<"gradient-through-time"> = {
  about: {
    title: "The gradient through time",
    equation:
      "\\frac{\\partial L}{\\partial h_t} = \\frac{\\partial L}{\\partial h_T} \\prod_{k=t+1}^{T} \\frac{\\partial h_k}{\\partial h_{k-1}}, \\quad g \\leftarrow g \\min\\left(1, \\frac{\\theta}{\\lVert g \\rVert}\\right)",
    paper: {
      title:
        "Pascanu, Mikolov & Bengio 2013, On the difficulty of training recurrent neural networks",
      url: "https://arxiv.org/abs/1211.5063",
    },
    file: "apps/explain/src/measure.ts",
  },
  async compute({ task, length, updates, ...options }, { signal, onProgress } = {}) {
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
  },
};
