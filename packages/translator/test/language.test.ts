import { parseConfig } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { transformerPresets } from "@attend/transformer";
import { describe, expect, test } from "vitest";
import { modelConfigSchema } from "../src/config.ts";
import { answers, isSpaceless, languageNames, languageTag } from "../src/language.ts";
import { translators } from "../src/model.ts";

describe("a language's tag", () => {
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
    // A language that the data of Intl has no name for.
    ["aak", "aak"],
  ])("%s is %s", (given, tag) => {
    expect(languageTag(given)).toBe(tag);
    expect(languageTag(tag)).toBe(tag);
  });

  test.each([
    ["english", '"english" is no tag of a language; write en for English'],
    ["Deutsch", "write de for German"],
    ["日本語", "write ja for Japanese"],
    ["cantonese", "write yue for Cantonese"],
    ["jp", "write ja for Japanese"],
    ["cz", "write cs for Czech"],
    ["xx", "write a tag such as en, pt-BR or zh-Hans (BCP 47)"],
    ["", "write a tag such as en"],
    ["e", "write a tag such as en"],
    ["en de", "write a tag such as en"],
    ["no language", "write a tag such as en"],
  ])("%j is none", (given, message) => {
    expect(() => languageTag(given)).toThrow(AttendError);
    expect(() => languageTag(given)).toThrow(message);
  });
});

test("a model's config takes every tag, in its canonical form", () => {
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
  expect(() => read("german")).toThrow('to: "german" is no tag of a');
});

test("a shipped model answers for its language's varieties", () => {
  expect(translators.shippedFolder({ to: "DE" })).toBe(translators.shippedFolder({}));
  expect(translators.shippedFolder({ from: "en-US", to: "fr-CA" })).toBe(
    translators.shippedFolder({ to: "fr" }),
  );
  expect(() => translators.shippedFolder({ to: "cs" })).toThrow(
    "no model to cs comes with this program",
  );
  expect(answers("de", "de-1901")).toBe(false);
});

test("names of a language, as a table's header may have them", () => {
  expect(languageNames("zh-Hans-CN")).toEqual(["zh-Hans-CN", "zh", "Chinese"]);
  expect(languageNames("aak")).toContain("aak");
});

test("languages without spaces between words", () => {
  expect(["ja", "zh", "zh-Hant", "th"].every(isSpaceless)).toBe(true);
  expect(["en", "de", "zha"].some(isSpaceless)).toBe(false);
});
