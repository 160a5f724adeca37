import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { AttendError } from "@attend/runtime/errors";

/** From where to where the models translate that come with this package, `@attend/translator-en-de` and so on. */
const shippedPairs = [{ from: "en", to: "de" }] as const;

/** Languages such as `en`; what is left out is as the first shipped model has it. */
export interface LanguagePair {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * The folder of the shipped model for a pair of languages.
 *
 * @throws AttendError BAD_ARGUMENT naming the pairs that there are
 */
export function defaultModelFolder({ from, to }: LanguagePair): string {
  const pair = shippedPairs.find(
    (each) => (from === undefined || from === each.from) && (to === undefined || to === each.to),
  );
  if (pair !== undefined) {
    const name = `@attend/translator-${pair.from}-${pair.to}`;
    return dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`)));
  }
  const wish = `${from === undefined ? "" : ` from ${from}`}${to === undefined ? "" : ` to ${to}`}`;
  const known = shippedPairs.map((each) => `${each.from} to ${each.to}`).join(", ");
  throw new AttendError(
    "BAD_ARGUMENT",
    `no model${wish} comes with this program (${known}); train one by \`translate train\` and name its folder by --model`,
  );
}
