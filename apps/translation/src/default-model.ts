import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { AttendError } from "@attend/runtime/errors";

/** The models that come with this package, by their languages. */
const shippedModels: Readonly<Record<string, string>> = {
  "en-de": "@attend/translator-en-de",
};

/**
 * The folder of the shipped model for a pair of languages.
 *
 * @throws AttendError BAD_ARGUMENT naming the pairs that there are
 */
export function defaultModelFolder(from: string, to: string): string {
  const name = shippedModels[`${from}-${to}`];
  if (name !== undefined)
    return dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`)));
  const pairs = Object.keys(shippedModels).map((pair) => pair.replace("-", " to "));
  throw new AttendError(
    "BAD_ARGUMENT",
    `no model from ${from} to ${to} comes with this program (${pairs.join(", ")}); train one by \`translate train\` and name its folder by --model`,
  );
}
