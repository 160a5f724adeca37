export {
  type DialogueConfig,
  type DialogueConfigInput,
  dialogueConfigSchema,
  dialogueNetworkSchema,
  dialoguePreset,
} from "./config.ts";
export { createDialogue } from "./create.ts";
export { DialogueNetwork, type Listener } from "./dialogue-network.ts";
export { expectFrequencies } from "./frequencies.ts";
export { type ReplyOptions, reply } from "./reply.ts";
export {
  type DialogueBatch,
  type DialogueMeasurement,
  type DialogueTaskOptions,
  dialogueTask,
  measureDialogue,
} from "./task.ts";
export type { Turn } from "./turns.ts";
