/** Our side of main.ts: answers its requests. */
import { FaqMatcher, type FaqPair } from "@attend/retrieval";
import { trainMatcher } from "@attend/retrieval/training";
import { createRandom, loadEngine } from "@attend/runtime";
import { loadSentenceVectors, type SentenceVectors } from "@attend/sentence-vectors";
import { serve } from "../support/serve.ts";

const { library } = await loadEngine({ engine: "native" });
const vectors = await loadSentenceVectors("minilm", { engine: "native" });
let matcher: FaqMatcher | undefined;

/** Random vectors under the name of the encoder: what takes hours to encode is answered from as fast. */
function standIn(): SentenceVectors {
  const random = createRandom(1);
  const { name, dimension } = vectors;
  const encode = async (texts: readonly string[]) =>
    texts.map(() => Float32Array.from({ length: dimension }, () => random.normal()));
  return { name, dimension, encode, dispose: () => {} };
}

await serve({
  version: () => ({ version: library }),
  fill: async ({ pairs }: { pairs: FaqPair[] }) => {
    matcher?.dispose();
    const { config, network } = await trainMatcher(pairs, standIn(), { seed: 1 });
    matcher = new FaqMatcher({ config, network, pairs }, vectors);
    return {};
  },
  teach: async ({ pairs }: { pairs: FaqPair[] }) => {
    const begin = performance.now();
    (await trainMatcher(pairs, vectors, { seed: 1 })).dispose();
    return { seconds: (performance.now() - begin) / 1000 };
  },
  /** Milliseconds and processor milliseconds of each question. */
  ask: async ({ texts }: { texts: string[] }) => {
    const times = [];
    for (const text of texts) {
      const [begin, before] = [performance.now(), process.cpuUsage()];
      await matcher?.find(text);
      const wall = performance.now() - begin;
      const { user, system } = process.cpuUsage(before);
      times.push({ wall, processor: (user + system) / 1000 });
    }
    return { times };
  },
});
