import os from "node:os";
import path from "node:path";
import { loadEngine } from "./engine.ts";
import type { Engine } from "./engines/loaded-engine.ts";
import { messageOf } from "./errors.ts";
import { loadAddon } from "./install/addon.ts";
import { cacheFolder } from "./install/cache.ts";
import { setUpCommand } from "./install/set-up-command.ts";
import { findTfjsNode } from "./install/tfjs-node.ts";
import { describePrecision } from "./precision.ts";
import { describeTuning } from "./processor/choose.ts";
import { currentTuning } from "./processor/current.ts";
import { currentProcessor } from "./processor/identity.ts";

/** What a report about slowness or a failing engine should contain. */
export interface Diagnosis {
  /** The engine of this process; undefined if no engine loads. */
  readonly engine: Engine | undefined;
  /** Why this engine was chosen, or why there is none. */
  readonly reason: string;
  /** How products are computed and what was measured; undefined on wasm. */
  readonly products: string | undefined;
  /** How to get a faster engine; undefined if there is none. */
  readonly advice: string | undefined;
  readonly node: string;
  /** Operating system, architecture, processor, number of processors, and memory. */
  readonly machine: string;
  /** Where built engines are kept. */
  readonly cacheFolder: string;
}

/** Loads the engine, unless one is already loaded, and describes it. Never throws. */
export async function diagnose(): Promise<Diagnosis> {
  const gigabytes = Math.round(os.totalmem() / 2 ** 30);
  const common = {
    node: process.versions.node,
    machine: `${process.platform} ${process.arch}, ${currentProcessor().name}, ${os.availableParallelism()} processors, ${gigabytes} GiB`,
    cacheFolder: cacheFolder(),
  };
  try {
    const engine = await loadEngine();
    const advice = await adviceFor(engine);
    return { ...common, engine, reason: engine.reason, products: productsOf(engine), advice };
  } catch (error) {
    const nothing = { engine: undefined, products: undefined, advice: undefined };
    return { ...common, ...nothing, reason: messageOf(error) };
  }
}

/** Formats the diagnosis as lines of text, without a trailing newline. */
export function formatDiagnosis(diagnosis: Diagnosis): string {
  const { engine } = diagnosis;
  const rows = {
    engine: engine ? describeEngine(engine) : "none",
    because: diagnosis.reason,
    ...(engine?.name === "wasm" && {
      threads: "one, because TensorFlow.js's WebAssembly has no threads in Node",
    }),
    ...(engine?.fusedKernels && { kernels: `fused kernels: ${engine.fusedKernels}` }),
    ...(engine && { precision: describePrecision(engine.precision) }),
    ...(diagnosis.products && { products: diagnosis.products }),
    versions: `Node ${diagnosis.node}${engine ? `, TensorFlow.js ${engine.version}` : ""}`,
    machine: diagnosis.machine,
    cache: diagnosis.cacheFolder,
    ...(engine && { faster: diagnosis.advice ?? "there is no faster engine" }),
  };
  return Object.entries(rows)
    .map(([name, text]) => `${name.padEnd(10)}${text}`)
    .join("\n");
}

function productsOf(engine: Engine): string | undefined {
  if (engine.name === "wasm") return undefined;
  const { profile, tuning } = currentTuning();
  return describeTuning(profile, tuning, setUpCommand);
}

async function adviceFor(engine: Engine): Promise<string | undefined> {
  if (engine.name === "native") return undefined;
  const tfjsNode = findTfjsNode();
  if (tfjsNode === undefined) {
    return `install the optional package @tensorflow/tfjs-node, then run ${setUpCommand}`;
  }
  const loads = loadAddon(path.join(tfjsNode.folder, tfjsNode.addon)).then(
    () => true,
    () => false,
  );
  return (await loads)
    ? "the native engine is installed: unset ATTEND_ENGINE"
    : `run ${setUpCommand} to set up the native engine`;
}

function describeEngine({ name, library, threads, loadSeconds }: Engine): string {
  const plural = threads === 1 ? "thread" : "threads";
  return `${name}, ${library}, ${threads} ${plural}, loaded in ${loadSeconds.toFixed(2)} s`;
}
