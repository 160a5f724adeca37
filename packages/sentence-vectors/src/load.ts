import type { EngineName } from "@attend/runtime";
import { AttendError, describeValue } from "@attend/runtime/errors";
import { loadMiniLm } from "./mini-lm.ts";
import type { SentenceVectors } from "./sentence-vectors.ts";

/**
 * Loads sentence vectors; the caller disposes them.
 *
 * @param name as a model that is trained on them stores it; default: the best that are installed
 * @param options.engine by default the fastest available (see `loadEngine`)
 * @throws AttendError BAD_ARGUMENT for an unknown name; otherwise as {@link loadMiniLm}
 */
export async function loadSentenceVectors(
  name = "minilm",
  options: { readonly engine?: EngineName | undefined } = {},
): Promise<SentenceVectors> {
  if (name === "minilm") return await loadMiniLm(options);
  const message = `there are no sentence vectors named ${describeValue(name)}; give minilm`;
  throw new AttendError("BAD_ARGUMENT", message);
}
