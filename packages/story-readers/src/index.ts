export {
  type ReaderConfig,
  type ReaderConfigInput,
  readerConfigSchema,
} from "./config.ts";
export { createReader } from "./create.ts";
export { type Answered, type ReadOptions, StoryReader } from "./reader.ts";
export type { EncodedStory, Sentence } from "./stories.ts";
