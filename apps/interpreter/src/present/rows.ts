import type { InterpretedSentence, InterpretingStep } from "../interpreter.ts";

/** A sentence as a row of JSON. */
export function rowOfSentence(sentence: InterpretedSentence) {
  const { start, end, heard, text, changes, translation } = sentence;
  return {
    ...{ start: rounded(start), end: rounded(end) },
    recognized: heard.text,
    ...(heard.confidence !== undefined && { confidence: rounded(heard.confidence) }),
    ...{ text, changes, translation: translation.text, confident: translation.confident },
  };
}

/** A step as a row of JSON, without the samples of its sound. */
export function rowOfStep(step: InterpretingStep) {
  const { stage, confidence, seconds } = step;
  return {
    stage,
    ...outputOf(step),
    ...(confidence !== undefined && { confidence: rounded(confidence) }),
    seconds: rounded(seconds),
  };
}

function outputOf(step: InterpretingStep) {
  switch (step.stage) {
    case "detect": {
      const { start, samples } = step.output;
      return { start: rounded(start), samples: samples.length };
    }
    case "recognize": {
      const { start, end, text, alternatives, segments } = step.output;
      return { start: rounded(start), end: rounded(end), text, alternatives, segments };
    }
    case "translate": {
      const { start, end, translation } = step.output;
      const alternatives = translation.alternatives.map(({ text, score }) => ({ text, score }));
      return { start: rounded(start), end: rounded(end), text: translation.text, alternatives };
    }
    case "say": {
      const { start, end, audio } = step.output;
      const { samples, sampleRate } = audio;
      return { start: rounded(start), end: rounded(end), samples: samples.length, sampleRate };
    }
    default: {
      const { start, end, text, changes } = step.output;
      return { start: rounded(start), end: rounded(end), text, changes };
    }
  }
}

/** To thousandths. */
function rounded(value: number): number {
  return Math.round(1000 * value) / 1000;
}
