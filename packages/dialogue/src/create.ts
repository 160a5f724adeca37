import type { Random } from "@attend/runtime";
import { parseConfig } from "@attend/runtime/config";
import { type DialogueConfigInput, dialogueConfigSchema } from "./config.ts";
import type { DialogueNetwork } from "./dialogue-network.ts";
import { HierarchicalDialogue } from "./hierarchical-dialogue.ts";
import { PlainDialogue } from "./plain-dialogue.ts";

/**
 * Creates a network that replies to conversations, for example from `{ vocabularySize: 8000, end: 2 }`.
 *
 * @param random initializes the weights; without it they are zero, to be loaded
 * @throws AttendError BAD_CONFIG naming each invalid key
 */
export function createDialogue(config: DialogueConfigInput, random?: Random): DialogueNetwork {
  const parsed = parseConfig(dialogueConfigSchema, config, "dialogue config");
  return parsed.kind === "plain"
    ? new PlainDialogue(parsed, random)
    : new HierarchicalDialogue(parsed, random);
}
