/** Our sides of main.ts, MiniLM or the static vectors: answers its requests. */
import { loadEngine } from "@attend/runtime";
import { loadSentenceVectors } from "@attend/sentence-vectors";
import { serve } from "../support/serve.ts";

const { library } = await loadEngine({ engine: "native" });
const vectors = await loadSentenceVectors(process.argv[2], { engine: "native" });

await serve({
  version: () => ({ version: library }),
  vectors: async ({ texts }: { texts: string[] }) => ({
    vectors: (await vectors.encode(texts)).map((vector) => [...vector]),
  }),
  /** Milliseconds and processor milliseconds of one encoding. */
  time: async ({ texts }: { texts: string[] }) => {
    const [begin, before] = [performance.now(), process.cpuUsage()];
    await vectors.encode(texts);
    const wall = performance.now() - begin;
    const { user, system } = process.cpuUsage(before);
    return { wall, processor: (user + system) / 1000 };
  },
});
