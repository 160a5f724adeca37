import { AttendError } from "@attend/runtime/errors";
import { answers, languageTag } from "./language.ts";

/** What comes with this package; the first is the default. */
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

/** Languages such as `en`; what is left out is as the first shipped model has it. */
export interface LanguagePair {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * The package.json of the shipped model for a pair of languages; of a tag such as `de-AT` the language decides
 * where there is no model for just that.
 *
 * @throws AttendError BAD_ARGUMENT naming the pairs that there are, or for what is no language
 */
export function shippedModel(pair: LanguagePair = {}): string {
  const [from, to] = [pair.from, pair.to].map((wish) =>
    wish === undefined ? undefined : languageTag(wish),
  );
  const model = shippedModels.find((each) => answers(from, each.from) && answers(to, each.to));
  if (model !== undefined) return model.find();
  const wish = `${from === undefined ? "" : ` from ${from}`}${to === undefined ? "" : ` to ${to}`}`;
  const known = shippedModels.map((each) => `${each.from} to ${each.to}`).join(", ");
  throw new AttendError(
    "BAD_ARGUMENT",
    `no model${wish} comes with this program (${known}); train one by \`attend-translate train\` and name its folder by --model`,
  );
}
