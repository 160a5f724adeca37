import { resample } from "@attend/audio";
import { describe, expect, test } from "vitest";
import {
  engines,
  loadRecognizer,
  loadSynthesizer,
  loadVoiceActivity,
  speechSegments,
} from "../src/index.ts";

const all = await engines();

/** A test of an engine; if it is not installed, it reports that it is skipped, and what to do. */
function testWith(names: readonly string[], what: string, run: () => Promise<void>): void {
  const missing = all.filter(({ name, installed }) => names.includes(name) && !installed);
  const reason = missing.map(({ name, remedy }) => `${name} is missing; ${remedy}`).join("; ");
  if (missing.length > 0) test.skip(`${what} (${reason})`, () => {});
  else test(what, run);
}

const sentences: Readonly<Record<string, string>> = {
  en: "A man is standing on a ladder.",
  de: "Ein Mann steht auf einer Leiter.",
  fr: "Un homme est debout sur une échelle.",
  ja: "10分ほど待ってください。",
};

describe("a synthesizer", () => {
  for (const { name, kind, languages } of all) {
    if (kind !== "synthesizer") continue;
    for (const language of Object.keys(sentences).filter((each) => languages.includes(each))) {
      testWith([name], `${name} speaks ${language}`, async () => {
        const synthesizer = await loadSynthesizer({ name, language });
        try {
          const audio = await synthesizer.say(sentences[language] ?? "", { language });
          const seconds = audio.samples.length / audio.sampleRate;
          expect(seconds).toBeGreaterThan(1);
          expect(seconds).toBeLessThan(5);
          expect(audio.samples.some((sample) => Math.abs(sample) > 0.1)).toBe(true);
          expect(audio.samples.every((sample) => Math.abs(sample) <= 1.5)).toBe(true);
        } finally {
          await synthesizer.close();
        }
      });
    }
  }
});

describe("a recognizer", () => {
  for (const name of ["whisper-base", "whisper-tiny", "moonshine", "pocketsphinx"]) {
    testWith([name, "flite"], `${name} understands what flite says`, async () => {
      const synthesizer = await loadSynthesizer({ name: "flite" });
      const recognizer = await loadRecognizer({ name });
      try {
        const audio = await synthesizer.say(sentences["en"] ?? "", { language: "en" });
        const segments = await recognizer.recognize(audio, { language: "en" });
        const text = segments.map((segment) => segment.text).join(" ");
        expect(text.toLowerCase()).toMatch(/man is standing on (a|the) /);
      } finally {
        await Promise.all([synthesizer.close(), recognizer.close()]);
      }
    });
  }

  testWith(["whisper-tiny", "flite"], "whisper gives its readings, best first", async () => {
    const synthesizer = await loadSynthesizer({ name: "flite" });
    const recognizer = await loadRecognizer({ name: "whisper-tiny" });
    try {
      const audio = await synthesizer.say(sentences["en"] ?? "", { language: "en" });
      const [segment] = await recognizer.recognize(audio, { nBest: 3 });
      expect(segment?.alternatives).toHaveLength(3);
      expect(segment?.alternatives?.[0]?.text).toBe(segment?.text);
      expect(segment?.confidence).toBeGreaterThan(0.3);
      expect(segment?.confidence).toBeLessThanOrEqual(1);
    } finally {
      await Promise.all([synthesizer.close(), recognizer.close()]);
    }
  });
});

describe("Silero", () => {
  const rate = 16_000;
  // A linear congruential generator: noise that is the same each time.
  let state = 1;
  const noise = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 30 - 1;
  };
  const wave = (frequency: number, i: number) => Math.sin((2 * Math.PI * frequency * i) / rate);
  const sounds: Readonly<Record<string, (i: number) => number>> = {
    silence: () => 0,
    noise: () => 0.2 * noise(),
    hum: (i) => 0.3 * wave(50, i) + 0.1 * wave(100, i),
    "a chord": (i) => 0.1 * (wave(262, i) + wave(330, i) + wave(392, i)),
    "a melody": (i) =>
      0.3 *
      wave([262, 294, 330, 349, 392][Math.floor(i / 8000) % 5] ?? 0, i) *
      Math.exp(-(i % 8000) / 3000),
  };

  for (const [name, sample] of Object.entries(sounds)) {
    testWith(["silero"], `hears nothing in ${name}`, async () => {
      const samples = Float32Array.from({ length: 5 * rate }, (_, i) => sample(i));
      const detector = await loadVoiceActivity({ name: "silero" });
      try {
        for await (const segment of speechSegments([samples], { detector })) {
          expect(segment).toBeUndefined();
        }
      } finally {
        await detector.close();
      }
    });
  }

  testWith(["silero", "flite"], "finds what flite says between silence", async () => {
    const synthesizer = await loadSynthesizer({ name: "flite" });
    const detector = await loadVoiceActivity({ name: "silero" });
    try {
      const audio = await synthesizer.say(sentences["en"] ?? "", { language: "en" });
      const speech = resample(audio.samples, audio.sampleRate, rate);
      const silence = new Float32Array(2 * rate);
      const segments = [];
      for await (const segment of speechSegments([silence, speech, silence], { detector })) {
        segments.push(segment);
      }
      expect(segments).toHaveLength(1);
      expect(segments[0]?.start).toBeGreaterThan(1.5);
      expect(segments[0]?.start).toBeLessThan(2.3);
    } finally {
      await Promise.all([synthesizer.close(), detector.close()]);
    }
  });
});
