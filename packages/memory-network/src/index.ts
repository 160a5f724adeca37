export {
  type MemoryNetworkConfig,
  type MemoryNetworkConfigInput,
  memoryNetworkSchema,
} from "./config.ts";
export { type Answered, createMemoryNetwork, MemoryNetwork } from "./memory-network.ts";
export {
  batchStories,
  type EncodedStory,
  type StoryBatch,
  type StoryBatchOptions,
} from "./stories.ts";
