import { Linear, Module } from "@attend/nn";
import type { Random } from "@attend/runtime";
import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import { defineModel } from "../../src/index.ts";

const configSchema = z.strictObject({
  size: z.number().int().positive(),
  /** May differ between models that are averaged. */
  dropout: z.number().min(0).lt(1).default(0),
});

class Toy extends Module {
  readonly output: Linear;

  constructor(size: number, words: number, random?: Random) {
    super();
    this.output = new Linear(size, words, random);
  }
}

function parseWords(json: unknown, file: string): readonly string[] {
  const parsed = z.object({ words: z.array(z.string()) }).safeParse(json);
  if (parsed.success) return parsed.data.words;
  throw new AttendError("BAD_DATA", `${file} is not a list of words`);
}

/** Models of a fictitious program `toy`. @param shipped returns the URL of a package.json */
export const defineToys = (shipped?: (wish?: { size?: number }) => string) =>
  defineModel({
    task: "toy-words",
    program: "toy",
    config: configSchema,
    tokens: { parse: parseWords, toJSON: (words) => ({ words }) },
    build: ({ size }, words, random) => new Toy(size, words.length, random),
    kindOf: ({ size }) => ({ size }),
    ...(shipped && { shipped }),
  });
