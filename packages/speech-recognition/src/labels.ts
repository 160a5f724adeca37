import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";

/** What a recognizer's labels are. */
export const units = ["characters", "words"] as const;
export type Unit = (typeof units)[number];

/** The JSON of {@link Labels}. */
export const labelsSchema = z.strictObject({
  unit: z.enum(units),
  labels: z.array(z.string().min(1)).min(1),
});

/** The characters or words that a recognizer knows; a label's id is its index. Immutable. */
export class Labels {
  readonly unit: Unit;
  readonly labels: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;

  constructor(unit: Unit, labels: readonly string[]) {
    this.unit = unit;
    this.labels = labels;
    this.#ids = new Map(labels.map((label, id) => [label, id]));
  }

  /** The labels of texts, in their order. */
  static of(unit: Unit, texts: Iterable<string>): Labels {
    const found = new Set<string>();
    for (const text of texts) for (const label of split(unit, text)) found.add(label);
    return new Labels(unit, [...found].sort());
  }

  get size(): number {
    return this.labels.length;
  }

  /** @throws AttendError BAD_DATA for a word or character without a label */
  encode(text: string): number[] {
    return split(this.unit, text).map((label) => {
      const id = this.#ids.get(label);
      if (id !== undefined) return id;
      const known = `this recognizer knows ${this.size} ${this.unit}`;
      throw new AttendError(
        "BAD_DATA",
        `${JSON.stringify(label)} of ${JSON.stringify(text)} is not among them: ${known}; correct the transcript, or train on recordings of it`,
      );
    });
  }

  /** Whether there is a label for all of a text. */
  knows(text: string): boolean {
    return split(this.unit, text).every((label) => this.#ids.has(label));
  }

  decode(ids: readonly number[]): string {
    const labels = ids.map((id) => this.labels[id] ?? "");
    return this.unit === "words" ? labels.join(" ") : labels.join("").trim();
  }

  toJSON(): z.output<typeof labelsSchema> {
    return { unit: this.unit, labels: [...this.labels] };
  }
}

/** Lower case, without punctuation: what can be heard. */
export function spokenForm(text: string): string {
  return text
    .normalize("NFC")
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/[^\p{L}\p{M}\p{N}' ]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
}

function split(unit: Unit, text: string): string[] {
  const spoken = spokenForm(text);
  return unit === "words" ? spoken.split(" ").filter((word) => word !== "") : [...spoken];
}
