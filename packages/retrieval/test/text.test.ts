import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanText, wordsOf } from "../src/text/clean.ts";
import { isFollowUp, joinFollowUp } from "../src/text/follow-up.ts";
import { questionParts } from "../src/text/parts.ts";
import { isRefusal } from "../src/text/refusal.ts";
import { areSwapped } from "../src/text/swapped.ts";
import { negated, withSwappedEnds } from "../src/text/variants.ts";

describe("cleanText", () => {
  it("leaves no control characters, line breaks or ends of spaces, and cleans a clean text no more", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const clean = cleanText(text);
        expect(clean).not.toMatch(/[\p{Cc}\n]|^\s|\s$/u);
        expect(cleanText(clean)).toBe(clean);
      }),
    );
    expect(cleanText("\u001b[31mred\u0000\r\ntext ")).toBe("[31mred text");
    expect(cleanText("x".repeat(10_000))).toHaveLength(2000);
  });

  it("finds words in any script", () => {
    expect(wordsOf("Don’t pay — Zürich, 東京!")).toEqual(["don't", "pay", "zürich", "東京"]);
  });
});

describe("isRefusal", () => {
  it.each([
    "I don't want to book",
    "I do not want to book a table",
    "please don't book it",
    "Never call me again",
    "I’m not interested in a card",
    "i would rather not pay",
  ])("%s", (text) => expect(isRefusal(text)).toBe(true));

  it.each([
    "I want to book",
    "I cannot log in",
    "Why don't you take cards?",
    "My card does not work",
    "What if I do not have a passport?",
    "",
  ])("not: %s", (text) => expect(isRefusal(text)).toBe(false));
});

describe("areSwapped", () => {
  it.each([
    ["from euros to dollars", "from dollars to euros"],
    ["How do I convert euros to dollars?", "convert dollars to euros"],
    ["Can a tenant sue the landlord?", "Can a landlord sue the tenant?"],
    ["Is gold better than silver?", "Is silver better than gold?"],
  ])("%s: %s", (a, b) => {
    expect(areSwapped(a, b)).toBe(true);
    expect(areSwapped(b, a)).toBe(true);
  });

  it.each([
    ["from euros to dollars", "convert from euros to dollars"],
    ["a train from London to Paris", "to Paris from London by train"],
    ["card payment", "payment by card"],
  ])("not: %s: %s", (a, b) => expect(areSwapped(a, b)).toBe(false));

  it("is false for a text and itself", () => {
    fc.assert(fc.property(fc.string(), (text) => !areSwapped(text, text)));
  });
});

describe("variants", () => {
  it("negates what somebody wants", () => {
    expect(negated("How do I book a table?")).toBe("I don't want to book a table");
    expect(negated("I want to book a table.")).toBe("I don't want to book a table");
    expect(negated("Who are you?")).toBeUndefined();
  });

  it("swaps the ends", () => {
    expect(withSwappedEnds("Can I go from Rome to Oslo?")).toBe("Can I go from Oslo to Rome?");
    expect(withSwappedEnds("convert euros to dollars")).toBe("convert dollars to euros");
    expect(withSwappedEnds("How do I want to book?")).toBeUndefined();
  });

  it("makes texts that are recognized", () => {
    const negative = negated("Can I cancel my order?") ?? "";
    expect(isRefusal(negative)).toBe(true);
    expect(areSwapped("from A1 to B2", withSwappedEnds("from A1 to B2") ?? "")).toBe(true);
  });
});

describe("questionParts", () => {
  it("splits questions that are joined", () => {
    expect(questionParts("How do I book, and what does it cost?")).toEqual([
      "How do I book",
      "what does it cost?",
    ]);
    expect(questionParts("When are you open? Where can I park?")).toEqual([
      "When are you open?",
      "Where can I park?",
    ]);
  });

  it.each([
    "I lost my card. What should I do?",
    "What do bed and breakfast cost?",
    "and for children?",
    "",
  ])("keeps %s", (text) => expect(questionParts(text)).toEqual([text]));
});

describe("isFollowUp", () => {
  it.each(["and for children?", "What about dogs?", "what does it cost?"])("%s", (text) =>
    expect(isFollowUp(text)).toBe(true),
  );
  it.each(["How do I book a table?", "When are you open?", ""])("not: %s", (text) =>
    expect(isFollowUp(text)).toBe(false),
  );
  it("joins the question before", () => {
    expect(joinFollowUp("What is a ticket?", "and for children?")).toBe(
      "What is a ticket for children?",
    );
  });
});
