import type { TextLine } from "../text-files/lines-ahead.ts";
import type { FaqEntry } from "./faq.ts";

interface Heading {
  readonly level: number;
  readonly title: string;
  readonly line: number;
  readonly text: string[];
}

/**
 * The questions of a Markdown file: its headings with text below them and no further headings. Headings that follow
 * each other without text are wordings of the same question.
 */
export async function markdownEntries(lines: AsyncIterable<TextLine>): Promise<FaqEntry[]> {
  const headings = await readHeadings(lines);
  const entries: FaqEntry[] = [];
  let wordings: Heading[] = [];
  for (const [i, heading] of headings.entries()) {
    const next = headings[i + 1];
    const answer = heading.text.join("\n").trim();
    if (next !== undefined && next.level > heading.level) wordings = [];
    else if (answer === "" && next?.level === heading.level) wordings.push(heading);
    else {
      for (const { title, line } of [...wordings, heading]) {
        entries.push({ questions: [title], answer, line });
      }
      wordings = [];
    }
  }
  return entries;
}

async function readHeadings(lines: AsyncIterable<TextLine>): Promise<Heading[]> {
  const headings: Heading[] = [];
  let fence: string | undefined;
  for await (const { text, line } of lines) {
    const [, marks] = /^ {0,3}(`{3,}|~{3,})/.exec(text) ?? [];
    if (marks !== undefined) {
      if (fence === undefined) fence = marks;
      else if (marks.startsWith(fence)) fence = undefined;
    }
    // A # in code is no heading.
    const [, level, title] =
      (fence === undefined && /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/.exec(text)) || [];
    if (level === undefined || title === undefined) headings.at(-1)?.text.push(text);
    else headings.push({ level: level.length, title, line, text: [] });
  }
  return headings;
}
