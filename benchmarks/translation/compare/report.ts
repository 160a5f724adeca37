import type { SystemRecord } from "./record.ts";

export interface Finished {
  readonly name: string;
  readonly title: string;
  readonly kind: "statistical" | "recurrent" | "convs2s" | "transformer";
  readonly record: SystemRecord;
}

/** How long each network took to match the best recurrent network. */
export interface Race {
  readonly bestRecurrent: string;
  /** Its best BLEU on validation. */
  readonly bleu: number;
  /** Training minutes by system name until the first validation that is as good; null: never. */
  readonly minutes: Readonly<Record<string, number | null>>;
  /** How many times as fast the Transformer got there; null if it did not, or is not compared. */
  readonly ratio: number | null;
}

export function raceOf(systems: readonly Finished[]): Race | undefined {
  const recurrent = systems.filter(({ kind }) => kind === "recurrent");
  const [best] = recurrent.toSorted((a, b) => bestOf(b).bleu - bestOf(a).bleu);
  if (best === undefined) return undefined;
  const { bleu } = bestOf(best);
  const minutesOf = ({ record }: Finished) => {
    const first = record.validations.find((each) => each.bleu >= bleu);
    return first === undefined ? null : first.seconds / 60;
  };
  const networks = systems.filter(({ kind }) => kind !== "statistical");
  const transformer = systems.find(({ kind }) => kind === "transformer");
  const [recurrentMinutes, transformerMinutes] = [
    minutesOf(best),
    transformer === undefined ? null : minutesOf(transformer),
  ];
  return {
    bestRecurrent: best.name,
    bleu,
    minutes: Object.fromEntries(networks.map((system) => [system.name, minutesOf(system)])),
    ratio:
      recurrentMinutes === null || transformerMinutes === null
        ? null
        : recurrentMinutes / transformerMinutes,
  };
}

function bestOf({ record }: Finished) {
  const none = { epoch: 0, bleu: Number.NEGATIVE_INFINITY };
  return record.validations.reduce((a, b) => (b.bleu > a.bleu ? b : a), none);
}

/** Prints the Markdown table and whether the claim holds. */
export function printReport(
  systems: readonly Finished[],
  testSize: number,
  sample: { readonly lines: number; readonly bleu: Readonly<Record<string, number>> } | undefined,
): void {
  const race = raceOf(systems);
  const goal = race === undefined ? "the best recurrent BLEU" : `BLEU ${race.bleu.toFixed(2)}`;
  const columns = [
    ...["BLEU", "lowercased BLEU", "chrF", "parameters", "minutes to train"],
    ...["epochs (best)", `minutes to ${goal} on validation`, "sentences/s"],
  ];
  console.log(`\n| system | ${columns.join(" | ")} |`);
  console.log(`| --- |${" ---: |".repeat(columns.length)}`);
  for (const system of systems) {
    const { record, title, kind } = system;
    const { test } = record;
    if (test === null) continue;
    const minutes = race?.minutes[system.name];
    const all = test.sentences === testSize;
    const last = record.validations.at(-1);
    const cells = [
      all ? title : `${title}, ${test.sentences} of ${testSize} sentences`,
      ...[test.bleu, test.bleuLowerCased, test.chrf].map((score) => score.toFixed(2)),
      kind === "statistical" ? "" : record.size.toLocaleString("en"),
      (record.seconds / 60).toFixed(1),
      last === undefined ? "" : `${last.epoch} (${bestOf(system).epoch})`,
      minutes === undefined ? "" : (minutes?.toFixed(1) ?? "never"),
      (test.sentences / test.seconds).toPrecision(3),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
  if (race !== undefined) console.log(`\n${claimOf(race, systems)}`);
  for (const note of notesOf(systems, sample)) console.log(note);
}

function claimOf({ bestRecurrent, bleu, minutes, ratio }: Race, systems: readonly Finished[]) {
  const title = systems.find(({ name }) => name === bestRecurrent)?.title ?? bestRecurrent;
  const best = `The best recurrent model on validation, ${title}, reached BLEU ${bleu.toFixed(2)} in ${minutes[bestRecurrent]?.toFixed(1)} minutes of training;`;
  const transformer = systems.find(({ kind }) => kind === "transformer");
  if (transformer === undefined) return `${best} no Transformer is compared.`;
  if (ratio === null) return `${best} the Transformer never did.`;
  const spent = minutes[transformer.name]?.toFixed(1);
  const verdict = ratio >= 4 ? "holds" : "does not hold";
  return `${best} the Transformer in ${spent}: ${ratio.toFixed(2)} times as fast. That it is 4 times as fast ${verdict} here.`;
}

function notesOf(
  systems: readonly Finished[],
  sample: { readonly lines: number; readonly bleu: Readonly<Record<string, number>> } | undefined,
): string[] {
  const notes: string[] = [];
  const statistical = systems.find(({ kind }) => kind === "statistical");
  if (statistical !== undefined) {
    const { size, tools } = statistical.record;
    notes.push(
      `Statistical: NLTK's decoder and a few hand-tuned weights, not Moses; ${size.toLocaleString("en")} phrase pairs; ${tools.join(", ")}, one thread.`,
    );
  }
  if (sample !== undefined) {
    const scores = Object.entries(sample.bleu).map(([name, bleu]) => `${name} ${bleu.toFixed(2)}`);
    notes.push(`BLEU of the same ${sample.lines} sentences alone: ${scores.join(", ")}.`);
  }
  const busy = systems.filter(({ record }) => record.busy).map(({ name }) => name);
  if (busy.length > 0) {
    notes.push(`WARNING: the machine was busy before ${busy.join(", ")}: these times mean little.`);
  }
  return notes;
}
