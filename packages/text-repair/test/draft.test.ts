import { describe, expect, it } from "vitest";
import { Draft } from "../src/draft.ts";

const reason = "test";

describe("Draft", () => {
  it("applies edits and says what differs, with places in the new text", () => {
    const draft = new Draft("i am here");
    draft.apply([
      { start: 0, end: 1, to: "I", reason: "pronoun" },
      { start: 9, end: 9, to: ".", reason: "end" },
    ]);
    expect(draft.text).toBe("I am here.");
    expect(draft.changes).toEqual([
      { from: "i", to: "I", reason: "pronoun", start: 0, end: 1 },
      { from: "", to: ".", reason: "end", start: 9, end: 10 },
    ]);
  });

  it("merges an edit of a changed part with the change", () => {
    const draft = new Draft("teh alot");
    draft.apply([
      { start: 0, end: 3, to: "the", reason: "spelling" },
      { start: 4, end: 8, to: "a lot", reason: "spelling" },
    ]);
    draft.apply([
      { start: 0, end: 3, to: "The", reason: "start" },
      { start: 6, end: 9, to: "LOT", reason: "loud" },
      { start: 9, end: 9, to: ".", reason: "end" },
    ]);
    expect(draft.text).toBe("The a LOT.");
    expect(draft.changes).toEqual([
      { from: "teh", to: "The", reason: "spelling, start", start: 0, end: 3 },
      { from: "alot", to: "a LOT", reason: "spelling, loud", start: 4, end: 9 },
      { from: "", to: ".", reason: "end", start: 9, end: 10 },
    ]);
  });

  it("forgets a change that is undone", () => {
    const draft = new Draft("Tom");
    draft.apply([{ start: 0, end: 3, to: "tom", reason }]);
    draft.apply([{ start: 0, end: 3, to: "Tom", reason }]);
    expect(draft.changes).toEqual([]);
  });

  it("finds places of the original text", () => {
    const draft = new Draft("alot of dogs");
    draft.apply([
      { start: 0, end: 4, to: "a lot", reason },
      { start: 12, end: 12, to: ".", reason },
    ]);
    expect(draft.originalPosition(6)).toBe(5); // "of"
    expect(draft.originalPosition(3)).toBe(0); // within the change
    expect(draft.originalPosition(draft.text.length)).toBe(12);
  });
});
