import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { loadAnswerer } from "../src/index.ts";
import { answerers } from "../src/model.ts";

useEngine();

const cat = fileURLToPath(new URL("../../../examples/photos/cat.jpg", import.meta.url));

test("the shipped model sees a cat, and has less than 25 MB", async () => {
  const { size } = await stat(join(answerers.shippedFolder(), "model.safetensors"));
  expect(size).toBeLessThan(25e6);
  const answerer = await loadAnswerer();
  expect(await answerer.ask(cat, "What animal is this?")).toMatchObject({ answer: "cat" });
  expect(await answerer.ask(cat, "Is this a dog?")).toMatchObject({ answer: "no" });
  answerer.close();
});
