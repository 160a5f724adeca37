export {
  type ReaderConfig,
  type ReaderConfigInput,
  readerConfigSchema,
} from "./config.ts";
export { createReader } from "./create.ts";
export { type Answered, type ReadOptions, StoryReader } from "./reader.ts";
export type { EncodedStory, Sentence } from "./stories.ts";
export { readerSizes, storyEncoder, type ToldStory } from "./story-encoder.ts";
export {
  readAll,
  type StoryBatch,
  type StoryExample,
  type StoryScores,
  scoreStories,
  storyTask,
} from "./task.ts";
