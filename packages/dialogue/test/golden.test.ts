import { expectGolden, type Golden } from "@attend/decoder-kit";
import { createRandom } from "@attend/runtime";
import { loadGolden, useEngine } from "@attend/test-kit";
import { test } from "vitest";
import { createDialogue, type DialogueConfigInput, dialoguePreset } from "../src/index.ts";

useEngine();

test("logits, attention and gradients equal PyTorch's", () => {
  const golden = loadGolden<Golden<DialogueConfigInput>>(
    new URL("./golden/dialogue.golden.json", import.meta.url),
  );
  const network = { ...dialoguePreset, embeddingSize: 3, hiddenSize: 4, dropout: 0 };
  expectGolden(createDialogue({ ...golden.config, network }, createRandom(0)), golden);
});
