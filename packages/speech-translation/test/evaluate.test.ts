import { expect, test } from "vitest";
import { type EvaluatedRecording, scoreChain } from "../src/evaluate.ts";

const recording: EvaluatedRecording = {
  transcript: "In fourteen sixty-five, two men began printing.",
  recognized: "in 1465 two man began printing",
  repaired: "In 1465, two men began printing.",
  translation: "Im Jahr 1465 begannen zwei Männer zu drucken.",
  fromTranscript: "Im Jahr 1465 begannen zwei Männer zu drucken.",
  references: [],
  seconds: 4,
  stages: [
    { stage: "recognize", outputs: 1, seconds: 1 },
    { stage: "translate", outputs: 1, seconds: 0.5 },
  ],
};
const languages = { from: "en", to: "de" };

test("words are compared with numbers in figures, before and after repair", async () => {
  const { recognized, repaired } = await scoreChain([recording], languages);
  expect(recognized.wer).toBeCloseTo(100 / 6);
  expect(recognized.punctuationF1).toBe(0);
  expect(repaired).toEqual({ wer: 0, cer: 0, punctuationF1: 1 });
});

test("BLEU compares with the translations of the transcripts, and with people's if there are any", async () => {
  const same = await scoreChain([recording], languages);
  expect(same.bleuToTranscript).toBeCloseTo(100);
  expect(same.bleu).toBeUndefined();
  const references = ["Im Jahr 1465 begannen zwei Männer mit dem Druck."];
  const other = { ...recording, references, translation: "Zwei Männer drucken heute ein Buch." };
  const { bleuToTranscript, bleu } = await scoreChain([other], languages);
  expect(bleuToTranscript).toBeLessThan(50);
  expect(bleu?.transcript).toBeGreaterThan(bleu?.chain ?? Number.NaN);
});

test("a stage's real-time factor is its time per second of sound", async () => {
  const { realTimeFactors } = await scoreChain(
    [recording, { ...recording, seconds: 6 }],
    languages,
  );
  expect(realTimeFactors).toEqual({ recognize: 0.2, translate: 0.1 });
});
