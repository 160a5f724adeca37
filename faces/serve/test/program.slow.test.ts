import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { captionSchema } from "../src/schemas/captions.ts";

const repository = join(import.meta.dirname, "../../..");

test("the program captions a photo, and ends on SIGTERM", async () => {
  const start = join(repository, "scripts/start.mjs");
  const child = spawn(process.execPath, [
    "--conditions=@attend/source",
    start,
    ...["serve", "--port", "0"],
  ]);
  const ended = once(child, "exit");
  const notes = text(child.stderr);
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const url = /^http:\S+/.exec(String(line))?.[0];
  const response = await fetch(`${url}/v1/captions?attention=true&beamWidth=2&alternatives=1`, {
    method: "POST",
    headers: { "Content-Type": "image/jpeg" },
    body: readFileSync(join(repository, "examples/photos/cat.jpg")),
  });
  const { caption, words = [], alternatives } = captionSchema.parse(await response.json());
  expect(caption.split(" ").length).toBeGreaterThan(3);
  expect(alternatives).toHaveLength(1);
  for (const { attention } of words) {
    expect(attention.flat().reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 3);
  }
  child.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
  expect(await notes).toContain("ending when the requests are answered");
});
