import { z } from "zod";

const count = z.number().int().positive();

/** Configuration of a `MemoryNetwork`; plain JSON. */
export const memoryNetworkSchema = z.strictObject({
  /** Words of stories and questions; 0 pads. */
  vocabularySize: z.number().int().min(2),
  /** The answers are classes. */
  answers: count,
  /** Size of a sentence's vector, d. */
  size: count.default(20),
  hops: count.default(3),
  /**
   * How hops share their weights (section 2.2): the output of one is the input of the next, which makes a table a hop
   * and one more; or all hops have the same two tables, as in a recurrent network.
   */
  tying: z.enum(["adjacent", "layer-wise"]).default("adjacent"),
  /** A word counts according to its place in the sentence (section 4.1), rather than only by being there. */
  positionEncoding: z.boolean().default(true),
  /** Of a story, the latest sentences; each has a vector for how long ago it was (section 4.1). */
  maxMemories: count.default(50),
});

/** Configuration of a {@link MemoryNetwork} with all defaults. */
export type MemoryNetworkConfig = z.output<typeof memoryNetworkSchema>;
/** Configuration of a {@link MemoryNetwork}; fields with a default may be omitted. */
export type MemoryNetworkConfigInput = z.input<typeof memoryNetworkSchema>;
