import type { TrainingData } from "@attend/serve/schemas";
import { askJson, formOf } from "../../api/client.ts";
import { type TarEntry, tarOf } from "./tar.ts";

/** Of a request, unless one file alone has more. */
const limits = { bytes: 16 * 2 ** 20, files: 2000 };

/**
 * Sends files to the data of a training, several in a request.
 *
 * @param options.onProgress is told how many have arrived
 * @throws ApiError, or the signal's reason
 */
export async function uploadData(
  training: string,
  entries: readonly TarEntry[],
  { signal, onProgress }: { signal: AbortSignal; onProgress: (files: number) => void },
): Promise<void> {
  let sent = 0;
  for (const batch of batchesOf(entries)) {
    const file = new File([tarOf(batch)], "data.tar");
    const body = formOf({ file });
    await askJson<TrainingData>(`trainings/${encodeURIComponent(training)}/data`, { body, signal });
    sent += batch.length;
    onProgress(sent);
  }
}

/** In order. */
export function batchesOf(
  entries: readonly TarEntry[],
  { bytes, files } = limits,
): readonly (readonly TarEntry[])[] {
  const batches: TarEntry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const last = batches.at(-1);
    if (last !== undefined && last.length < files && entry.file.size <= room) last.push(entry);
    else {
      batches.push([entry]);
      room = bytes;
    }
    room -= entry.file.size;
  }
  return batches;
}
