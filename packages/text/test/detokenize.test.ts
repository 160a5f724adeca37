import { describe, expect, it } from "vitest";
import { detokenize, tokenize } from "../src/index.ts";

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
  ])("%j becomes %j", (tokens, caption) => {
    expect(detokenize(tokens.split(" ").filter((token) => token !== ""))).toBe(caption);
  });

  it("gives a caption that has the same tokens", () => {
    for (const caption of [
      "It isn't the zebra's tail.",
      "A fire truck (red) can't be 50% of $5.",
      "We cannot see the kids playing at 5 p.m.",
    ]) {
      expect(tokenize(detokenize(tokenize(caption)))).toEqual(tokenize(caption));
    }
  });
});
