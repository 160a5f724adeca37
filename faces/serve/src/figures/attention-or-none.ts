import { loadTranslator } from "@attend/translator";
import { learned, learnToCopy, measured } from "./copying.ts";
import type { Compute } from "./figure.ts";
import { finiteOrNull } from "./matrix.ts";

/** What attention is for: the alignment of a long sentence, and sequences longer than one vector can hold. */
export const attentionOrNone: Compute<"attention-or-none"> = async (
  { text, updates, seed, ...languages },
  { signal, onProgress } = {},
) => {
  const translator = await loadTranslator(languages);
  try {
    const { alignments = [] } = await translator.translate(text, { attention: true, signal });
    const half = (before: number) => ({
      signal,
      onProgress: (done: number) => onProgress?.(before + done, 2 * updates),
    });
    const attention = await learnToCopy("luong", { updates, seed }, half(0));
    const none = await learnToCopy("none", { updates, seed }, half(updates));
    const [first] = alignments;
    return {
      alignment: {
        source: [...(first?.source ?? [])],
        target: [...(first?.target ?? [])],
        weights: (first?.weights ?? []).map((row) => [...row]),
      },
      copying: {
        learned,
        lengths: [...measured],
        attention: [...attention.accuracies],
        none: [...none.accuracies],
        alignment: {
          source: [...attention.source],
          target: [...attention.target],
          weights: attention.weights.map((row) => [...row]),
        },
        losses: { attention: finiteOrNull(attention.losses), none: finiteOrNull(none.losses) },
      },
    };
  } finally {
    translator.close();
  }
};
