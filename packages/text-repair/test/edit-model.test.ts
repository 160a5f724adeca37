import { describe, expect, it } from "vitest";
import { EditModel, learnEdits } from "../src/spelling/edit-model.ts";

describe("EditModel", () => {
  it("multiplies the probabilities of the edits", () => {
    const model = new EditModel();
    const one = model.logProbability("teh", "the"); // exchanged
    expect(one).toBeCloseTo(Math.log(1e-4));
    expect(model.logProbability("the", "the")).toBe(-0);
    expect(model.logProbability("th", "the")).toBeCloseTo(one);
    expect(model.logProbability("thee", "the")).toBeCloseTo(one);
    expect(model.logProbability("tha", "the")).toBeCloseTo(one);
    expect(model.logProbability("tehhe", "the")).toBeCloseTo(2 * one);
  });

  it("finds edits that people make often more probable", () => {
    const counts = learnEdits([
      ["receive", "recieve"],
      ["believe", "beleive"],
      ["deceive", "decieve"],
    ]);
    expect(counts).toMatchObject({ "ei>ie": 2, "ie>ei": 1, ei: 2, ie: 1, "^r": 1 });
    const model = new EditModel(counts);
    const often = model.logProbability("concieve", "conceive");
    expect(often).toBeCloseTo(Math.log(2.3 / 102));
    expect(often).toBeGreaterThan(model.logProbability("conceeve", "conceive"));
  });

  it("learns nothing from words that have little in common", () => {
    expect(learnEdits([["abcdef", "uvwxyz"]])).toEqual({});
  });
});
