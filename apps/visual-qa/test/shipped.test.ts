import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { loadAnswerer } from "../src/index.ts";
import { answerers } from "../src/model.ts";

useEngine();

const cat = fileURLToPath(new URL("../../../examples/photos/cat.jpg", import.meta.url));
const shapes = fileURLToPath(
  new URL(".", import.meta.resolve("@attend/answerer-shapes/package.json")),
);

test("the shipped model sees a cat, and both models together have less than 20 MB", async () => {
  const sizes = [answerers.shippedFolder(), shapes].map(async (folder) => {
    return (await stat(join(folder, "model.safetensors"))).size;
  });
  const [photos = 0, drawings = 0] = await Promise.all(sizes);
  expect(photos + drawings).toBeLessThan(20e6);
  const answerer = await loadAnswerer();
  const { answer } = await answerer.ask(cat, "What animal is this?");
  expect(answer).toBe("cat");
  answerer.close();
});

test("the tiny model knows a drawn shape and its color", async () => {
  const pixels = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="#fff"/><circle cx="30" cy="34" r="12" fill="#00f"/></svg>',
  );
  const answerer = await loadAnswerer({ model: shapes });
  expect((await answerer.ask(pixels, "what color is the shape?")).answer).toBe("blue");
  expect((await answerer.ask(pixels, "is there a circle?")).answer).toBe("yes");
  answerer.close();
});
