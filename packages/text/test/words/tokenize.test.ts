import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tokenize } from "../../src/index.ts";

const golden: [sentence: string, tokens: string[]][] = JSON.parse(
  readFileSync(new URL("../golden/tokenize.golden.json", import.meta.url), "utf8"),
);

describe("tokenize", () => {
  it.each(golden)("agrees with the reference on %j", (sentence, tokens) => {
    expect(tokenize(sentence)).toEqual(tokens);
  });

  it.each([
    ["一只猫看着镜头。", "一只 猫 看 着 镜头"],
    ["桌上有一杯咖啡，旁边是3个iPhone手机！", "桌上 有 一杯 咖啡 旁边 是 3 个 iphone 手机"],
    ["猫がソファーの上で寝ている。", "猫 が ソファー の 上 で 寝 て いる"],
    ["「ラーメン」・カレー", "ラーメン カレー"],
    ["แมวกำลังนอนอยู่บนโซฟา", "แมว กำลัง นอน อยู่ บน โซฟา"],
    ["고양이가 소파에 앉아 있다.", "고양이가 소파에 앉아 있다"],
    ["A sign that doesn't say 你好世界 on it.", "a sign that does n't say 你好 世界 on it"],
  ])("splits words of scripts without spaces: %j", (sentence, tokens) => {
    expect(tokenize(sentence).join(" ")).toBe(tokens);
  });

  it("splits a sentence without spaces like its words with spaces between", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("男人", "咖啡", "镜头", "火箭")), (words) => {
        expect(tokenize(words.join("，"))).toEqual(tokenize(words.join(" ")));
      }),
    );
  });

  it("returns no tokens for an empty caption", () => {
    expect(tokenize("")).toEqual([]);
    expect(tokenize(" \t\r\n ")).toEqual([]);
  });

  it("returns lower-case tokens without whitespace for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        for (const token of tokenize(text)) expect(token).toMatch(/^\S+$/u);
      }),
    );
  });

  it("does not depend on the whitespace between words", () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(tokenize(words.join("  \n"))).toEqual(tokenize(words.join(" ")));
      }),
    );
  });

  it("takes time linear in the length", () => {
    const milliseconds = (text: string) => {
      const start = performance.now();
      tokenize(text);
      return performance.now() - start;
    };
    for (const unit of ["a", "a-", "1,", "a'", "<a ", "a.", "!", "x@", "- "]) {
      expect(milliseconds(unit.repeat(10_000)), unit).toBeLessThan(2_000);
    }
  });
});
