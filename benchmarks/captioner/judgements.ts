import { parseConfig } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { createRandom } from "@attend/runtime/random";
import { z } from "zod";

/** A caption to judge. */
export interface CaptionedPhoto {
  /** The data set, such as `flickr8k`. */
  readonly set: string;
  readonly photo: string;
  readonly caption: string;
  /** The captions that people wrote. */
  readonly people: readonly string[];
}

const verdicts = ["right", "partly", "wrong"] as const;
const verdictSchema = z.object({ verdict: z.enum(verdicts), note: z.string() });

export interface Judgement {
  readonly verdict: (typeof verdicts)[number];
  readonly note: string;
}

/** Draws photos by a seed, in the order of the set. */
export function drawPhotos<Photo>(photos: readonly Photo[], count: number, seed: number): Photo[] {
  const chosen = createRandom(seed)
    .shuffle([...photos.keys()])
    .slice(0, count);
  return chosen.sort((a, b) => a - b).flatMap((index) => photos[index] ?? []);
}

/** A page with an empty column for the judgement. */
export function judgingPage(photos: readonly CaptionedPhoto[]): string {
  const rows = photos.map(({ set, photo, caption, people }, i) => [
    String(i + 1),
    `${set}/${photo}`,
    caption,
    `<details>${people.join("<br>")}</details>`,
    "",
  ]);
  return `${table(["", "photo", "caption", "people's captions", "judgement"], rows)}\n`;
}

/**
 * Reads judgements from lines `photo<TAB>right|partly|wrong<TAB>note`; the note may be absent, and a header is skipped.
 *
 * @returns by photo, in the order of the file
 * @throws AttendError BAD_DATA naming a line that is invalid, a photo that is unknown, judged twice, or missing
 */
export function parseJudgements(
  lines: readonly string[],
  source: string,
  photos: readonly CaptionedPhoto[],
): Map<string, Judgement> {
  const missing = new Set(photos.map(({ photo }) => photo));
  const found = new Map<string, Judgement>();
  for (const [i, line] of lines.entries()) {
    if (line.trim() === "" || line.startsWith("photo\t")) continue;
    const [photo = "", verdict, note = ""] = line.split("\t").map((field) => field.trim());
    const where = `${source} line ${i + 1}`;
    if (!missing.delete(photo)) {
      const fault = found.has(photo) ? "is judged twice" : "was not drawn";
      throw new AttendError("BAD_DATA", `${where}: the photo ${photo} ${fault}; remove the line`);
    }
    found.set(photo, parseConfig(verdictSchema, { verdict, note }, where, { code: "BAD_DATA" }));
  }
  const [first] = missing;
  if (first === undefined) return found;
  const message = `${source} lacks ${missing.size} of ${photos.length} photos, such as ${first}; judge them, too`;
  throw new AttendError("BAD_DATA", message);
}

/** The documentation page: counts by data set, and each caption with its judgement. */
export function resultsPage(
  photos: readonly CaptionedPhoto[],
  judgements: ReadonlyMap<string, Judgement>,
): string {
  const sets = [...new Set(photos.map(({ set }) => set))];
  const count = (set: string | undefined, verdict: string) =>
    photos.filter((each) => {
      return (set ?? each.set) === each.set && judgements.get(each.photo)?.verdict === verdict;
    }).length;
  const countRow = (name: string, set?: string) => [
    name,
    ...verdicts.map((verdict) => String(count(set, verdict))),
  ];
  const rows = photos.map(({ set, photo, caption }, i) => {
    const { verdict, note } = judgements.get(photo) ?? { verdict: "", note: "" };
    return [String(i + 1), `${set}/${photo}`, caption, verdict, note];
  });
  return [
    `# ${photos.length} captions, judged`,
    "Photos of the dev parts, drawn by a seed; a person looked at each photo and judged its caption: right, partly right\n" +
      "(the main thing is right, something else is not), or wrong.",
    table(
      ["", "right", "partly right", "wrong"],
      [...sets.map((set) => countRow(set, set)), countRow("all")],
    ),
    "```sh\npnpm --filter @attend/benchmarks caption-judging --out runs/judging      # photos to judge\n" +
      "pnpm --filter @attend/benchmarks caption-judging --out runs/judging --judgements judgements.tsv --page docs/captions.md\n```",
    `${table(["", "photo", "caption", "judgement", "note"], rows)}\n`,
  ].join("\n\n");
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
