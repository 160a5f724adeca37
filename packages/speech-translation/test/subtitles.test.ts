import fc from "fast-check";
import { expect, test } from "vitest";
import { cuesOf } from "../src/subtitles/cues.ts";
import { formatSrt, formatVtt, subtitleFormatOf } from "../src/subtitles/format.ts";
import { wrapBalanced } from "../src/subtitles/wrap.ts";

test("SRT and WebVTT have the times and texts in their own form", () => {
  const texts = [
    { start: 0.5, end: 2.25, text: "Tom & Jerry --> <home>" },
    { start: 3661.0006, end: 3664, text: "Two dogs play." },
  ];
  expect(formatSrt(texts)).toBe(`1
00:00:00,500 --> 00:00:02,250
Tom & Jerry → <home>

2
01:01:01,001 --> 01:01:04,000
Two dogs play.
`);
  expect(formatVtt(texts)).toBe(`WEBVTT

00:00:00.500 --> 00:00:02.250
Tom &amp; Jerry --&gt; &lt;home&gt;

01:01:01.001 --> 01:01:04.000
Two dogs play.
`);
  expect([formatSrt([]), formatVtt([])]).toEqual(["", "WEBVTT\n"]);
});

test("a file's ending selects the format", () => {
  expect(subtitleFormatOf("talk.SRT")).toBe(formatSrt);
  expect(subtitleFormatOf("talk.de.vtt")).toBe(formatVtt);
  expect(() => subtitleFormatOf("talk.txt")).toThrow("use a name that ends in .srt or .vtt");
});

test("lines are balanced", () => {
  const text = "Printing may be considered as the art of making books.";
  expect(wrapBalanced(text)).toEqual(["Printing may be considered", "as the art of making books."]);
  expect(wrapBalanced("Short.")).toEqual(["Short."]);
  expect(wrapBalanced("  ")).toEqual([]);
});

test("Japanese is broken between words, and no line begins with a mark that belongs to the one before", () => {
  const lines = wrapBalanced(
    "印刷とは、可動活字を使って本を作る技術であると考えることができます。「はい」と彼は言った。",
  );
  expect(lines.length).toBe(3);
  for (const line of lines) {
    expect(line.length).toBeLessThanOrEqual(21);
    expect(line).not.toMatch(/^[、。」]|「$/);
  }
});

test("a text that is too long for two lines is shown in parts, each for its share of the time", () => {
  const text = Array.from({ length: 30 }, () => "printing").join(" ");
  const cues = cuesOf([{ start: 10, end: 40, text }]);
  expect(cues.length).toBeGreaterThan(2);
  expect(cues.flatMap(({ lines }) => lines).join(" ")).toBe(text);
  expect(cues[0]?.start).toBe(10);
  expect(cues.at(-1)?.end).toBeCloseTo(40);
  const [first, second] = cues;
  expect(second?.start).toBeCloseTo(first?.end ?? 0);
});

test("a cue is shown for a second at least, and the next one waits for it", () => {
  const cues = cuesOf([
    { start: 1, end: 1.2, text: "Yes." },
    { start: 1.3, end: 4, text: "I think so." },
  ]);
  expect(cues).toMatchObject([
    { start: 1, end: 2 },
    { start: 2, end: 4 },
  ]);
});

test("lines and times keep their limits for any text", () => {
  const text = fc.stringMatching(/^[a-z あ-ん漢、。<>-]{0,300}$/u);
  const texts = fc.array(fc.record({ start: fc.nat(50), length: fc.nat(9), text }), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(texts, (some) => {
      let time = 0;
      const timed = some.map(({ start, length, text }) => {
        const from = time + start;
        time = from + length;
        return { start: from, end: time, text };
      });
      const cues = cuesOf(timed);
      const unspaced = (parts: readonly string[]) => parts.join("").replaceAll(/\s/g, "");
      expect(unspaced(cues.flatMap(({ lines }) => lines))).toBe(
        unspaced(timed.map(({ text }) => text)),
      );
      let end = 0;
      for (const cue of cues) {
        expect(cue.lines.length).toBeLessThanOrEqual(2);
        expect(cue.start).toBeGreaterThanOrEqual(end);
        expect(cue.end - cue.start).toBeGreaterThanOrEqual(1 - 1e-9);
        end = cue.end;
      }
    }),
  );
});
