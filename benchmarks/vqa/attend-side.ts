/** Our side of main.ts: answers its requests. */
import { loadEngine } from "@attend/runtime";
import { peakMemory } from "../support/peak-memory.mjs";
import { serve } from "../support/serve.ts";
import * as answering from "./attend-answering.ts";
import * as training from "./attend-training.ts";

const { library } = await loadEngine({ engine: "native" });
await serve({
  ...answering,
  ...training,
  versions: () => ({ versions: [library] }),
  peak: () => ({ bytes: peakMemory() }),
});
