import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the captioner that comes with this package. */
export function defaultModelFolder(): string {
  return dirname(fileURLToPath(import.meta.resolve("@attend/captioner/package.json")));
}
