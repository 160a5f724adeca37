import type { Task } from "./task.ts";

/** How a task is done. */
interface TaskEntry {
  /** At most this many inputs go together. */
  readonly batch: number;
  /** Only an engine process calls it, on the first use. */
  readonly load: () => Promise<{ readonly task: Task }>;
}

/** What engine processes can do. */
export const tasks = {
  answers: { batch: 16, load: () => import("./answers.ts") },
  // Two of the captioner's batches: photos of the second are read while the first is captioned.
  captions: { batch: 16, load: () => import("./captions.ts") },
  chats: { batch: 1, load: () => import("./chats.ts") },
  faqs: { batch: 1, load: () => import("./faqs.ts") },
  translations: { batch: 16, load: () => import("./translations.ts") },
  figures: { batch: 1, load: () => import("./figures.ts") },
  interpretations: { batch: 1, load: () => import("./interpretations.ts") },
  recognitions: { batch: 1, load: () => import("./recognitions.ts") },
  repairs: { batch: 1, load: () => import("./repairs.ts") },
  speech: { batch: 1, load: () => import("./speech.ts") },
} satisfies Record<string, TaskEntry>;

/** See {@link tasks}. */
export type TaskName = keyof typeof tasks;
