import type { Repairer } from "@attend/text-repair";
import type { Stage } from "../stage.ts";
import type { Heard } from "./recognize.ts";
import { type Sentence, sentencesOf } from "./sentences.ts";

/**
 * Repairs what was heard between two pauses, and splits it into sentences. If the recognizer has several readings, the
 * repairer chooses among them. A recognizer that writes marks heard where they belong: it keeps its own. Owns the
 * repairer.
 */
export function repairStage(
  repairer: Pick<Repairer, "repair" | "dispose">,
): Stage<Heard, Sentence, "repair"> {
  return {
    name: "repair",
    async *run(stretches, { signal }) {
      for await (const heard of stretches) {
        const { alternatives = [], text } = heard;
        const readings = alternatives.length > 1 ? alternatives : text;
        const punctuation = !/[.,?!]/.test(text);
        yield* sentencesOf(heard, await repairer.repair(readings, { punctuation, signal }));
      }
    },
    async close() {
      repairer.dispose();
    },
  };
}
