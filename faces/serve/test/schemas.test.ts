import { describe, expect, test } from "vitest";
import {
  answerQuerySchema,
  captionQuerySchema,
  trainingName,
  translationRequestSchema,
} from "../src/schemas/index.ts";

describe("an address", () => {
  test("has numbers and switches as text", () => {
    const query = { beamWidth: "5", alternatives: "2", attention: "true" };
    expect(captionQuerySchema.parse(query)).toEqual({
      beamWidth: 5,
      alternatives: 2,
      attention: true,
    });
  });

  test("needs nothing", () => {
    expect(answerQuerySchema.parse({})).toEqual({ attention: false });
  });

  test.each([
    { beamWidth: "0" },
    { beamWidth: "five" },
    { beamWidth: "1e9" },
    { attention: "yes" },
    { alternatives: "1.5" },
  ])("is not valid with %j", (query) => {
    expect(captionQuerySchema.safeParse(query).success).toBe(false);
  });
});

test.each([
  [{ text: "Hello" }, true],
  [{ texts: ["Hello", "Good day"] }, true],
  [{}, false],
  [{ text: "Hello", texts: ["Hello"] }, false],
  [{ texts: [] }, false],
  [{ text: "Hello", from: "../etc" }, false],
])("a request to translate %j is valid: %s", (request, isValid) => {
  expect(translationRequestSchema.safeParse(request).success).toBe(isValid);
});

test.each(["..", ".hidden", "a/b", "", "a b", "-x"])("%j is no training's name", (name) => {
  expect(trainingName.safeParse(name).success).toBe(false);
});
