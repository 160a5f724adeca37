import type { EngineName } from "@attend/runtime";
import { AttendError } from "@attend/runtime/errors";
import { findMiniLm, loadMiniLm } from "./mini-lm.ts";
import type { SentenceVectors } from "./sentence-vectors.ts";
import { loadStaticVectors } from "./static.ts";

/**
 * Loads sentence vectors: `minilm`, or `static`, which need no further package, are faster and understand less. The
 * caller disposes them, and shows their `advice`.
 *
 * @param name as a model that is trained on them stores it; default: the best that are installed
 * @param options.engine by default the fastest available (see `loadEngine`)
 * @throws AttendError BAD_ARGUMENT for an unknown name; otherwise as {@link loadMiniLm} and {@link loadStaticVectors}
 */
export async function loadSentenceVectors(
  name: string = bestOf(findMiniLm()),
  options: { readonly engine?: EngineName | undefined } = {},
): Promise<SentenceVectors> {
  if (name === "minilm") return await loadMiniLm(options);
  if (name === "static") return await loadStaticVectors(options);
  const message = `there are no sentence vectors "${name}"; give minilm or static`;
  throw new AttendError("BAD_ARGUMENT", message);
}

/** @param miniLm the folder of MiniLM's package; undefined if it is not installed */
export function bestOf(miniLm: string | undefined): "minilm" | "static" {
  return miniLm === undefined ? "static" : "minilm";
}
