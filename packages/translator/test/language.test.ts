import { parseConfig } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { transformerPresets } from "@attend/transformer";
import { describe, expect, test } from "vitest";
import { modelConfigSchema } from "../src/config.ts";
import { isSpaceless, languageNames, languageTag, matchesLanguage } from "../src/language.ts";
import { translators } from "../src/model.ts";

describe("languageTag", () => {
  test.each([
    ["en", "en"],
    ["EN", "en"],
    ["eng", "en"],
    ["en_US", "en-US"],
    ["en_US.UTF-8", "en-US"],
    ["en-419", "en-419"],
    ["de-1901", "de-1901"],
    ["zh-hans-cn", "zh-Hans-CN"],
    ["zh-yue-HK", "yue-HK"],
    ["iw", "he"],
    ["sl-rozaj", "sl-rozaj"],
    ["de-DE-u-co-phonebk", "de-DE-u-co-phonebk"],
    // A language without a name in Intl.
    ["aak", "aak"],
  ])("%s is %s", (text, tag) => {
    expect(languageTag(text)).toBe(tag);
    expect(languageTag(tag)).toBe(tag);
  });

  test.each([
    ["english", '"english" is not a language tag; use en for English'],
    ["Deutsch", "use de for German"],
    ["日本語", "use ja for Japanese"],
    ["cantonese", "use yue for Cantonese"],
    ["jp", "use ja for Japanese"],
    ["cz", "use cs for Czech"],
    ["xx", "use a tag such as en, pt-BR or zh-Hans (BCP 47)"],
    ["", "use a tag such as en"],
    ["e", "use a tag such as en"],
    ["en de", "use a tag such as en"],
    ["no language", "use a tag such as en"],
  ])("rejects %j", (text, message) => {
    expect(() => languageTag(text)).toThrow(AttendError);
    expect(() => languageTag(text)).toThrow(message);
  });
});

test("a model's config accepts any tag and canonicalizes it", () => {
  const network = { kind: "transformer", ...transformerPresets.tiny };
  const read = (to = "") =>
    parseConfig(modelConfigSchema, { from: "en", to, network }, "config.json");
  for (const [to, canonical] of [
    ["de-1901", "de-1901"],
    ["es-419", "es-419"],
    ["zh-hans-cn", "zh-Hans-CN"],
  ]) {
    expect(read(to)).toMatchObject({ from: "en", to: canonical });
  }
  expect(() => read("german")).toThrow('to: "german" is not a language tag');
});

test("a shipped model matches the variants of its language", () => {
  expect(translators.shippedFolder({ to: "DE" })).toBe(translators.shippedFolder({}));
  expect(translators.shippedFolder({ from: "en-US", to: "fr-CA" })).toBe(
    translators.shippedFolder({ to: "fr" }),
  );
  expect(() => translators.shippedFolder({ to: "cs" })).toThrow(
    "no model to cs comes with this program",
  );
  expect(matchesLanguage("de", "de-1901")).toBe(false);
});

test("names of a language, for the header of a table", () => {
  expect(languageNames("zh-Hans-CN")).toEqual(["zh-Hans-CN", "zh", "Chinese"]);
  expect(languageNames("aak")).toContain("aak");
});

test("languages without spaces between words", () => {
  expect(["ja", "zh", "zh-Hant", "th"].every(isSpaceless)).toBe(true);
  expect(["en", "de", "zha"].some(isSpaceless)).toBe(false);
});
