import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { startServerProgram } from "@attend/test-kit";
import { expect, test } from "vitest";
import { captionSchema } from "../src/schemas/captions.ts";
import { startServer, temporaryFolder } from "./support/start.ts";

const repository = join(import.meta.dirname, "../../..");

test("the program captions a photo, and ends on SIGTERM", async () => {
  const { child, ended, url } = await startServerProgram();
  const notes = text(child.stderr);
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

test("what a killed program leaves is removed by the next, but nothing of those that run", async () => {
  const folder = temporaryFolder();
  const { child, ended } = await startServerProgram();
  child.stderr.resume();
  const left = readdirSync(folder);
  expect(left).toHaveLength(2);
  const elsewhere = left.map((name) => name.replace(/serve-\w+/, "serve-000000000000"));
  for (const name of [...elsewhere, "attend-serve-mine"]) mkdirSync(join(folder, name));
  await startServer();
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(left));
  child.kill("SIGKILL");
  await ended;
  await startServer();
  const kept = readdirSync(folder);
  expect(kept).toEqual(expect.arrayContaining([...elsewhere, "attend-serve-mine"]));
  expect(kept).toHaveLength(3 + 2 * 2);
  expect(kept).not.toEqual(expect.arrayContaining([left[0]]));
});
