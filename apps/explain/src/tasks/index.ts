export { type AddingSequences, addingSequences, addingTask } from "./adding.ts";
export { type CopySequences, copySequences, copyTask, recalled, symbols } from "./copy.ts";
export type { SequenceTask, TaskBatch } from "./task.ts";
