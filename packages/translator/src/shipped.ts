import { AttendError } from "@attend/runtime/errors";
import { languageTag, matchesLanguage } from "./language.ts";

/** The models that this package depends on; the first is the default. */
const shippedModels = [
  {
    from: "en",
    to: "de",
    find: () => import.meta.resolve("@attend/translator-en-de/package.json"),
  },
  {
    from: "de",
    to: "en",
    find: () => import.meta.resolve("@attend/translator-de-en/package.json"),
  },
  {
    from: "en",
    to: "fr",
    find: () => import.meta.resolve("@attend/translator-en-fr/package.json"),
  },
  {
    from: "en",
    to: "ja",
    find: () => import.meta.resolve("@attend/translator-en-ja/package.json"),
  },
] as const;

/** Languages such as `en`; the first shipped model that matches is used. */
export interface LanguagePair {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * The package.json of the shipped model for a pair of languages; a tag such as `de-AT` falls back to
 * its language.
 *
 * @throws AttendError BAD_ARGUMENT listing the available pairs, or for an invalid language tag
 */
export function shippedModel(pair: LanguagePair = {}): string {
  const [from, to] = [pair.from, pair.to].map((tag) =>
    tag === undefined ? undefined : languageTag(tag),
  );
  const model = shippedModels.find(
    (model) => matchesLanguage(from, model.from) && matchesLanguage(to, model.to),
  );
  if (model !== undefined) return model.find();
  const requested = `${from === undefined ? "" : ` from ${from}`}${to === undefined ? "" : ` to ${to}`}`;
  const available = shippedModels.map(({ from, to }) => `${from} to ${to}`).join(", ");
  throw new AttendError(
    "BAD_ARGUMENT",
    `no model${requested} comes with this program (${available}); train one with \`attend-translate train\` and pass its folder as --model`,
  );
}
