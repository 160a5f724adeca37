import { existsSync } from "node:fs";
import { join } from "node:path";
import { readSafetensors, writeSafetensors } from "@attend/nn";
import { AttendError } from "@attend/runtime";
import { ensureWritableDirectory } from "@attend/runtime/files";
import { contentHash } from "@attend/training";
import type { SentenceVectors } from "../src/index.ts";
import { flat } from "./principal.ts";

const chunkSize = 1024;

/** Vectors of sentences, kept in files of `folder`, so that they are computed once even if the program is stopped. */
export async function cachedVectors(
  sentences: readonly string[],
  teacher: SentenceVectors,
  { folder, signal }: { readonly folder: string; readonly signal: AbortSignal },
): Promise<Float32Array[]> {
  await ensureWritableDirectory(folder);
  const { name, dimension } = teacher;
  const all: Float32Array[] = [];
  for (let at = 0; at < sentences.length; at += chunkSize) {
    const chunk = sentences.slice(at, at + chunkSize);
    const file = join(folder, `${contentHash([name, ...chunk])}.safetensors`);
    if (!existsSync(file)) {
      const data = flat(await teacher.encode(chunk, { signal }));
      const vectors = { shape: [chunk.length, dimension], data };
      await writeSafetensors(file, new Map([["vectors", vectors]]), { precision: "float16" });
    }
    const { tensors } = await readSafetensors(file);
    const data = tensors.get("vectors")?.data;
    if (data === undefined) {
      throw new AttendError("BAD_DATA", `${file} contains no vectors; delete it`);
    }
    for (const i of chunk.keys()) all.push(data.subarray(i * dimension, (i + 1) * dimension));
  }
  return all;
}
