import { AttendError } from "@attend/runtime/errors";

/**
 * The canonical form of a language's tag (BCP 47): `EN` and `eng` are `en`, `zh-hans-cn` is `zh-Hans-CN`; an
 * underscore counts as a hyphen.
 *
 * @throws AttendError BAD_ARGUMENT telling the tag of a language that was named (`english`), or the language of
 *   a country's code (`jp`)
 */
export function languageTag(given: string): string {
  const tag = canonical(given);
  if (tag !== undefined && isLanguage(tag)) return tag;
  const meant = tagOfCountry(given) ?? tagOfName(given);
  const hint =
    meant === undefined
      ? "write a tag such as en, pt-BR or zh-Hans (BCP 47)"
      : `write ${meant} for ${englishNameOf(meant)}`;
  throw new AttendError("BAD_ARGUMENT", `"${given}" is no tag of a language; ${hint}`);
}

/** Whether what is in `language` does for a wish: a model of `de` for `de-AT`, not the other way round. */
export function answers(wish: string | undefined, language: string): boolean {
  return wish === undefined || wish === language || wish.startsWith(`${language}-`);
}

/** What a language is called: its tag, that of the language alone, and its name in English. */
export function languageNames(tag: string): string[] {
  const [language = tag] = tag.split("-");
  return [...new Set([tag, language, englishNameOf(language) ?? tag])];
}

/** Whether a language writes no spaces between words and sentences. */
export function isSpaceless(language: string): boolean {
  return /^(ja|zh|th)(-|$)/.test(language);
}

const english = new Intl.DisplayNames("en", { type: "language", fallback: "none" });

function englishNameOf(tag: string): string | undefined {
  return english.of(tag);
}

function canonical(given: string): string | undefined {
  // `zh-yue` is written `yue`, and `en_US.UTF-8` is how systems call `en-US`.
  const hyphens = given
    .trim()
    .replaceAll("_", "-")
    .replace(/[.@].*/, "");
  const withoutMacrolanguage = hyphens.replace(/^[a-z]{2,3}-(?=[a-z]{3}(-|$))/i, "");
  for (const each of [hyphens, withoutMacrolanguage]) {
    try {
      return Intl.getCanonicalLocales(each)[0];
    } catch {
      // Not well-formed.
    }
  }
  return undefined;
}

/**
 * `english` is well-formed, as five to eight letters are kept for tags to come; there is none yet. Codes of
 * three letters are too many for anyone to know, those of two are all known.
 */
function isLanguage(tag: string): boolean {
  const [language = ""] = tag.split("-");
  return language.length === 3 || (language.length === 2 && englishNameOf(language) !== undefined);
}

/** By a language's name in English, or its own: `german`, `Deutsch`. */
function tagOfName(given: string): string | undefined {
  const name = given.trim().toLowerCase();
  if (!/^\p{L}{2,}$/u.test(name)) return undefined;
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  const two = letters.flatMap((first) => letters.map((second) => first + second));
  const isNamed = (tag: string) => englishNameOf(tag)?.toLowerCase() === name;
  const isOwnName = (tag: string) =>
    englishNameOf(tag) !== undefined &&
    new Intl.DisplayNames(tag, { type: "language" }).of(tag)?.toLowerCase() === name;
  // The many of three letters last, as they take a second.
  const found =
    two.find(isNamed) ??
    two.find(isOwnName) ??
    two.flatMap((begun) => letters.map((letter) => begun + letter)).find(isNamed);
  return found === undefined ? undefined : canonical(found);
}

/** `jp` is Japan, whose language is `ja`. */
function tagOfCountry(given: string): string | undefined {
  if (!/^[a-z]{2}$/i.test(given)) return undefined;
  const likely = new Intl.Locale(`und-${given}`).maximize().language;
  const isCountry = new Intl.DisplayNames("en", { type: "region", fallback: "none" }).of(
    given.toUpperCase(),
  );
  return isCountry === undefined ? undefined : likely;
}
