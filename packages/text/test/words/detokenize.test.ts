import { describe, expect, it } from "vitest";
import { detokenize, tokenize } from "../../src/index.ts";

describe("detokenize", () => {
  it.each([
    ["a dog runs", "A dog runs."],
    ["it does n't look like the zebra 's", "It doesn't look like the zebra's."],
    ["they 're at the dogs ' park and i 'm here", "They're at the dogs' park and I'm here."],
    ["we can not go but i wan na stay", "We cannot go but I wanna stay."],
    ["50 % of $ 5", "50% of $5."],
    ["a fire truck -lrb- ladder truck -rrb- drives", "A fire truck (ladder truck) drives."],
    ["it is 5 p.m.", "It is 5 p.m."],
    ["really ?", "Really?"],
    ["a sign that says `` stop ''", 'A sign that says "stop".'],
    ["2 dogs", "2 dogs."],
    ["école", "École."],
    ["", ""],
    ["一只 猫 看 着 镜头", "一只猫看着镜头。"],
    ["3 个 iphone 手机", "3个iphone手机。"],
    ["猫 が ソファー の 上 で 寝 て いる", "猫がソファーの上で寝ている。"],
    ["แมว กำลัง นอน", "แมวกำลังนอน"],
    ["a sign says 你好 世界 on it", "A sign says 你好世界 on it."],
    ["고양이가 앉아 있다", "고양이가 앉아 있다."],
  ])("%j becomes %j", (tokens, caption) => {
    expect(detokenize(tokens.split(" ").filter((token) => token !== ""))).toBe(caption);
  });

  it("returns a caption with the same tokens", () => {
    for (const caption of [
      "It isn't the zebra's tail.",
      "A fire truck (red) can't be 50% of $5.",
      "We cannot see the kids playing at 5 p.m.",
      "穿T恤的男人在STOP标志旁。",
      "ラーメンを食べる2人の女性。",
    ]) {
      expect(tokenize(detokenize(tokenize(caption)))).toEqual(tokenize(caption));
    }
  });
});
