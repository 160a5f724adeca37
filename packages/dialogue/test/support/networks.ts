import { drawWeights, vocabularies } from "@attend/decoder-kit";
import { createRandom } from "@attend/runtime";
import { createDialogue, type DialogueNetwork, dialoguePreset } from "../../src/index.ts";

export const kinds = ["hierarchical", "plain"] as const;
export type Kind = (typeof kinds)[number];

/** The end of a turn. The kit's random sources have it in the middle, so that they are several turns. */
export const end = 7;

/** A small network over the kit's vocabulary, whose decoder attends to two turns. */
export function makeNetwork(kind: Kind, size: number, dropout = 0): DialogueNetwork {
  const network = { ...dialoguePreset, embeddingSize: size, hiddenSize: size, dropout };
  const vocabularySize = vocabularies.targetVocabularySize;
  return createDialogue({ kind, turns: 2, network, vocabularySize, end }, createRandom(2));
}

/** The same with weights large enough for its predictions to differ. */
export function makeVaried(kind: Kind, size: number, dropout?: number): DialogueNetwork {
  const network = makeNetwork(kind, size, dropout);
  drawWeights(network, 3); // Each of the kit's sources gets a reply.
  return network;
}

/** Two conversations. */
export const conversations = [
  [[4, 5], [6], [8, 9, 10], [5, 4], [11]],
  [
    [12, 4],
    [5, 6, 8],
  ],
];
