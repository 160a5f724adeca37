import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the model that comes with this package. */
export function defaultModelFolder(): string {
  return dirname(fileURLToPath(import.meta.resolve("@attend/shakespeare/package.json")));
}
