import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readAudio } from "@attend/audio";
import { temporaryDirectory } from "@attend/test-kit";
import { expect, test } from "vitest";
import { InterpretedFiles } from "../src/interpreted-files.ts";
import type { InterpretedSentence } from "../src/interpreter.ts";

const rate = 8000;

/** A sentence and so many seconds of speech. */
function sentence(start: number, text: string, seconds: number): InterpretedSentence {
  const end = start + 1;
  const translated = { ids: [], tokens: [], score: 0, logProbability: 0 };
  return {
    ...{ start, end, text, changes: [], heard: { start, end, text, segments: [] } },
    translation: {
      ...{ source: text, text, ...translated, confident: true, protected: [] },
      alternatives: [{ text, ...translated }],
    },
    audio: { samples: new Float32Array(seconds * rate).fill(0.5), sampleRate: rate },
  };
}

test("on a disk that becomes full, what was written is kept", async (context) => {
  const folder = temporaryDirectory();
  try {
    const size = "size=64k";
    execFileSync("mount", ["-t", "tmpfs", "-o", size, "attend-test", folder], { stdio: "ignore" });
  } catch {
    context.skip("cannot mount a small disk (needs root)");
  }
  try {
    const out = join(folder, "talk.wav");
    const subtitles = join(folder, "talk.srt");
    const files = new InterpretedFiles({ out, subtitles });
    await files.add(sentence(1, "Ein Mann.", 1));
    await expect(files.add(sentence(2, "Zwei Hunde.", 9))).rejects.toMatchObject({
      code: "WRITE_FAILED",
      message: expect.stringContaining("the disk is full"),
    });
    expect(await files.close()).toEqual([`${out}: 2.0 s of speech`, subtitles]);
    expect((await readAudio(out, { sampleRate: rate })).samples).toHaveLength(2 * rate);
    expect(readFileSync(subtitles, "utf8")).toContain("Zwei Hunde.");
    expect(readdirSync(folder).sort()).toEqual(["talk.srt", "talk.wav"]);
  } finally {
    // A file that was read may still be about to be closed.
    execFileSync("umount", ["--lazy", folder]);
  }
});
