import { AttendError, printable } from "@attend/runtime/errors";
import type { Request } from "@attend/serve/pool";
import { z } from "zod";

/** What is to be worked on, as it was given; whatever else it says comes back with its outcome. */
export type Item = Readonly<Record<string, unknown>>;

/** A kind of work. */
export interface Kind {
  /** What an engine process calls it. */
  readonly task: Request["task"];
  /** Of items, in the plural. */
  readonly unit: string;
  /** Items of a batch: one worker does them, and their outcomes are kept together. */
  readonly batch: number;
  /** The item's field that a line of a list is, or a file of a folder. */
  readonly field: string;
  /** What the names of files in a folder end in; none if items are texts. */
  readonly extensions: readonly string[];
  /** What an engine process gets. @param value the field's, or a file with its content */
  input(item: Item, value: string): unknown;
  /** What the outcome says besides what the item does. */
  answer(output: unknown): object;
  /** @throws AttendError BAD_DATA; `where` names the item */
  check(value: unknown, where: string): Item;
}

/** The check of a kind whose items must have these fields, as texts. */
export function requireFields(...fields: readonly string[]): Kind["check"] {
  const schema = z.looseObject(Object.fromEntries(fields.map((field) => [field, z.string()])));
  const expected = `{ ${fields.map((field) => `"${field}": "..."`).join(", ")} }`;
  return (value, where) => {
    const { data } = schema.safeParse(value);
    if (data !== undefined) return data;
    const shown = printable(JSON.stringify(value).slice(0, 80));
    throw new AttendError("BAD_DATA", `${where} is ${shown}; expected ${expected}`);
  };
}
