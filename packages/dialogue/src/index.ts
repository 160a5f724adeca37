export {
  type DialogueConfig,
  type DialogueConfigInput,
  dialogueConfigSchema,
  dialogueNetworkSchema,
  dialoguePreset,
} from "./config.ts";
export { createDialogue } from "./create.ts";
export { DialogueNetwork, type Listener } from "./dialogue-network.ts";
export type { Turn } from "./turns.ts";
