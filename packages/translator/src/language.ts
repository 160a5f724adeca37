import { AttendError } from "@attend/runtime/errors";

/**
 * The canonical form of a language tag (BCP 47): `EN` and `eng` become `en`, `zh-hans-cn` becomes
 * `zh-Hans-CN`. An underscore is treated as a hyphen.
 *
 * @throws AttendError BAD_ARGUMENT suggesting the tag for a language's name (`english`) or a country
 *   code (`jp`)
 */
export function languageTag(text: string): string {
  const tag = canonical(text);
  if (tag !== undefined && isLanguage(tag)) return tag;
  const suggestion = tagOfCountry(text) ?? tagOfName(text);
  const hint =
    suggestion === undefined
      ? "use a tag such as en, pt-BR or zh-Hans (BCP 47)"
      : `use ${suggestion} for ${englishNameOf(suggestion)}`;
  throw new AttendError("BAD_ARGUMENT", `"${text}" is not a language tag; ${hint}`);
}

/** Whether a model of `language` matches a request: `de` matches `de-AT`, but not vice versa. */
export function matchesLanguage(requested: string | undefined, language: string): boolean {
  return requested === undefined || requested === language || requested.startsWith(`${language}-`);
}

/** Names of a language: its tag, the tag without region or script, and its name in English. */
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

function canonical(text: string): string | undefined {
  // `zh-yue` is canonically `yue`, and `en_US.UTF-8` is the locale name of `en-US`.
  const hyphens = text
    .trim()
    .replaceAll("_", "-")
    .replace(/[.@].*/, "");
  const withoutMacrolanguage = hyphens.replace(/^[a-z]{2,3}-(?=[a-z]{3}(-|$))/i, "");
  for (const tag of [hyphens, withoutMacrolanguage]) {
    try {
      return Intl.getCanonicalLocales(tag)[0];
    } catch {
      // Not well-formed.
    }
  }
  return undefined;
}

/**
 * `english` is well-formed, because five to eight letters are reserved for future tags. Intl knows all
 * languages of two letters, but not all of three.
 */
function isLanguage(tag: string): boolean {
  const [language = ""] = tag.split("-");
  return language.length === 3 || (language.length === 2 && englishNameOf(language) !== undefined);
}

/** The tag for a language's name in English or in the language itself: `german`, `Deutsch`. */
function tagOfName(text: string): string | undefined {
  const name = text.trim().toLowerCase();
  if (!/^\p{L}{2,}$/u.test(name)) return undefined;
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  const two = letters.flatMap((first) => letters.map((second) => first + second));
  const isNamed = (tag: string) => englishNameOf(tag)?.toLowerCase() === name;
  const isNativeName = (tag: string) =>
    englishNameOf(tag) !== undefined &&
    new Intl.DisplayNames(tag, { type: "language" }).of(tag)?.toLowerCase() === name;
  // The three-letter tags last, because trying all of them takes a second.
  const found =
    two.find(isNamed) ??
    two.find(isNativeName) ??
    two.flatMap((prefix) => letters.map((letter) => prefix + letter)).find(isNamed);
  return found === undefined ? undefined : canonical(found);
}

/** `jp` is Japan, whose language is `ja`. */
function tagOfCountry(text: string): string | undefined {
  if (!/^[a-z]{2}$/i.test(text)) return undefined;
  const likely = new Intl.Locale(`und-${text}`).maximize().language;
  const isCountry = new Intl.DisplayNames("en", { type: "region", fallback: "none" }).of(
    text.toUpperCase(),
  );
  return isCountry === undefined ? undefined : likely;
}
