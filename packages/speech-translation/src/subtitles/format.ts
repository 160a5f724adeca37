import { AttendError } from "@attend/runtime/errors";
import { cuesOf, type TimedText } from "./cues.ts";

/**
 * How subtitles are written to a file, by its name.
 *
 * @throws AttendError BAD_ARGUMENT for another ending than `.srt` and `.vtt`
 */
export function subtitleFormatOf(file: string): (texts: readonly TimedText[]) => string {
  if (/\.srt$/i.test(file)) return formatSrt;
  if (/\.vtt$/i.test(file)) return formatVtt;
  const message = `subtitles are written as SRT or WebVTT, but not as ${file}; use a name that ends in .srt or .vtt`;
  throw new AttendError("BAD_ARGUMENT", message);
}

/** Subtitles as SubRip text. An arrow within a text, which SubRip cannot escape, becomes `→`. */
export function formatSrt(texts: readonly TimedText[]): string {
  return cuesOf(texts)
    .map(({ start, end, lines }, i) => {
      const text = lines.join("\n").replaceAll("-->", "→");
      return `${i + 1}\n${timeOf(start, ",")} --> ${timeOf(end, ",")}\n${text}\n`;
    })
    .join("\n");
}

/** Subtitles as WebVTT. */
export function formatVtt(texts: readonly TimedText[]): string {
  const cues = cuesOf(texts).map(({ start, end, lines }) => {
    const text = lines.join("\n").replaceAll(/[&<>]/g, (mark) => entities[mark] ?? mark);
    return `${timeOf(start, ".")} --> ${timeOf(end, ".")}\n${text}\n`;
  });
  return ["WEBVTT\n", ...cues].join("\n");
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** `00:01:02,345` */
function timeOf(seconds: number, point: "," | "."): string {
  const milliseconds = Math.round(1000 * seconds);
  const part = (unit: number, count: number) => Math.floor(milliseconds / unit) % count;
  const pad = (value: number, digits = 2) => String(value).padStart(digits, "0");
  const clock = [part(3_600_000, 1000), part(60_000, 60), part(1000, 60)].map((n) => pad(n));
  return `${clock.join(":")}${point}${pad(part(1, 1000), 3)}`;
}
