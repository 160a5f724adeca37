import { expect, test } from "vitest";
import { loadInterpreter } from "../src/index.ts";
import { recognizerOf, synthesizer } from "./support/engines.ts";

test("languages that nothing translates are an error that lists those there are", async () => {
  const loading = loadInterpreter({ to: "ko", engine: recognizerOf([]) });
  await expect(loading).rejects.toMatchObject({
    code: "BAD_ARGUMENT",
    message: expect.stringMatching(
      /^no model from en to ko .*\(en to de, .*pass its folder as --translator$/,
    ),
  });
});

test("a closed interpreter has closed its engines", async () => {
  const [recognizer, speaker] = [recognizerOf([]), synthesizer()];
  const interpreter = await loadInterpreter({ to: "de", engine: recognizer, synthesizer: speaker });
  expect(interpreter.engines).toEqual({
    recognize: "fake",
    repair: "repair-en",
    translate: "translator-en-de",
    say: "fake",
  });
  await interpreter.close();
  expect([recognizer.closed(), speaker.closed()]).toEqual([true, true]);
});
test("if an engine cannot be loaded, those before it are closed", async () => {
  const recognizer = recognizerOf([]);
  const loading = loadInterpreter({ to: "de", engine: recognizer, synthesizer: "nobody" });
  await expect(loading).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
  expect(recognizer.closed()).toBe(true);
});
