import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { formatJson, tryParseJson } from "../config.ts";
import { writeFileAtomic } from "../files.ts";
import { cacheFolder } from "../install/cache.ts";
import { currentProcessor, threadCount } from "./identity.ts";

const gflops = z.number().positive();

/** GFLOPS of a product of float32 matrices, by its depth. */
const ratesSchema = z.object({ 128: gflops, 512: gflops, 1024: gflops });

/** GFLOPS of the two products of a layer's gradients, each with a transposed matrix. */
const gradientsSchema = z.object({ tensorflow: gflops, own: gflops.nullable() });

export const sampleSchema = z.object({
  /** Whether something else was using the processor. */
  busy: z.boolean(),
  tensorflow: ratesSchema,
  /** Our own kernels; null if they are not installed. */
  own: ratesSchema.nullable(),
  gradients: gradientsSchema,
});

const profileSchema = z.object({
  processor: z.string(),
  threads: z.number().int().positive(),
  /** The version of libtensorflow. */
  library: z.string(),
  /** Identifies our own kernels; empty without them. */
  kernels: z.string(),
  /** TensorFlow's products by oneDNN and by Eigen, on all threads. */
  onednn: sampleSchema,
  eigen: sampleSchema,
  /** oneDNN's or Eigen's, whichever the library prefers, on half of the threads; null for one thread. */
  halfThreads: sampleSchema.nullable(),
});

/** What was measured with one setting. */
export type Sample = z.output<typeof sampleSchema>;
/** What was measured on a processor with a number of threads. */
export type Profile = z.output<typeof profileSchema>;

/** Whether something else used the processor, so that the profile decides nothing. */
export function isBusy({ onednn, eigen }: Profile): boolean {
  return onednn.busy || eigen.busy;
}

/** The profile of this processor and number of threads; undefined if it was not measured or its file is damaged. */
export function readProfile(): Profile | undefined {
  try {
    return profileSchema.safeParse(tryParseJson(readFileSync(profileFile(), "utf8"))).data;
  } catch {
    return undefined;
  }
}

/** @throws AttendError WRITE_FAILED */
export async function writeProfile(profile: Profile): Promise<void> {
  mkdirSync(cacheFolder(), { recursive: true });
  await writeFileAtomic(profileFile(), formatJson(profile));
}

function profileFile(): string {
  const { identity } = currentProcessor();
  const hash = createHash("sha256").update(`${identity}\n${threadCount()}`).digest("hex");
  return path.join(cacheFolder(), `processor-${hash.slice(0, 12)}.json`);
}
