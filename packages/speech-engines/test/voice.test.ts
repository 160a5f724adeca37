import { describe, expect, test } from "vitest";
import { energyDetector } from "../src/voice/energy.ts";
import { speechSegments } from "../src/voice/speech-segments.ts";
import type { VoiceActivity } from "../src/voice/voice-activity.ts";

const rate = 16_000;

/** Takes every window whose first sample is positive for speech. */
const signDetector: VoiceActivity = {
  name: "silero",
  listen: () => async (samples) =>
    Float32Array.from({ length: samples.length / 512 }, (_, i) =>
      (samples[i * 512] ?? 0) > 0 ? 1 : 0,
    ),
  async close() {},
};

/** Pairs of seconds and a value for all samples in them. */
function recording(...parts: readonly (readonly [seconds: number, value: number])[]): Float32Array {
  return Float32Array.from(
    parts.flatMap(([seconds, value]) => new Array<number>(Math.round(seconds * rate)).fill(value)),
  );
}

async function cut(
  chunks: readonly Float32Array[],
  options: Parameters<typeof speechSegments>[1] = {},
): Promise<{ start: number; seconds: number; samples: Float32Array; isDraft?: boolean }[]> {
  const segments = [];
  for await (const segment of speechSegments(chunks, { detector: signDetector, ...options })) {
    segments.push({ ...segment, seconds: segment.samples.length / rate });
  }
  return segments;
}

describe("speechSegments", () => {
  test("yields what lies between pauses, with some sound around it", async () => {
    const segments = await cut([recording([1, -1], [1, 1], [1, -1], [2, 1], [1, -1])]);
    expect(segments).toHaveLength(2);
    expect(segments[0]?.start).toBeCloseTo(0.8, 1);
    expect(segments[0]?.seconds).toBeCloseTo(1.4, 1);
    expect(segments[1]?.start).toBeCloseTo(2.8, 1);
    expect(segments[1]?.seconds).toBeCloseTo(2.4, 1);
  });

  test("does not depend on how the stream is cut into chunks", async () => {
    const whole = recording([0.3, -1], [0.7, 1], [0.9, -1], [0.4, 1], [0.013, -1]);
    const chunks = [];
    for (let at = 0; at < whole.length; at += 333) chunks.push(whole.subarray(at, at + 333));
    expect(await cut(chunks)).toEqual(await cut([whole]));
  });

  test("yields a segment before the stream ends", async () => {
    async function* stream() {
      yield recording([1, 1], [1, -1]);
      throw new Error("read too far");
    }
    const segments = speechSegments(stream(), { detector: signDetector });
    expect((await segments.next()).value).toMatchObject({ start: 0 });
    await expect(segments.next()).rejects.toThrow("read too far");
  });

  test("bridges short pauses, and leaves out a click", async () => {
    const segments = await cut([
      recording([0.5, 1], [0.3, -1], [0.5, 1], [2, -1], [0.032, 1], [1, -1]),
    ]);
    expect(segments).toHaveLength(1);
    expect(segments[0]?.seconds).toBeCloseTo(1.5, 1);
  });

  test("yields a draft of what may have ended, which is the stretch itself if nothing follows", async () => {
    const sound = recording([0.5, -1], [1, 1], [0.4, -1], [1, 1], [1, -1], [0.032, 1], [1, -1]);
    const segments = await cut([sound], { draftSilence: 0.25 });
    const [first, second, whole] = segments;
    expect(segments.map(({ isDraft }) => isDraft)).toEqual([true, true, undefined]);
    expect(first?.start).toBe(whole?.start);
    expect(first?.seconds).toBeCloseTo(1.4, 1);
    expect(second).toEqual({ ...whole, isDraft: true });
    // It has all of the sound around the speech.
    const early = await cut([sound], { draftSilence: 0.01 });
    expect(early[1]?.samples).toEqual(whole?.samples);
  });

  test("cuts long speech at a pause, and loses nothing", async () => {
    const long = recording([8, 1], [0.3, -1], [9, 1]);
    const segments = await cut([long], { maxSeconds: 10 });
    expect(segments.map(({ seconds }) => Math.round(seconds))).toEqual([8, 9]);
    const total = segments.reduce((sum, { samples }) => sum + samples.length, 0);
    expect(total).toBeGreaterThanOrEqual(long.length);
    expect(total - long.length).toBeLessThan(512);
  });

  test("cuts speech without a pause", async () => {
    const segments = await cut([recording([25, 1])], { maxSeconds: 10 });
    expect(segments.every(({ seconds }) => seconds <= 10.02)).toBe(true);
    const total = segments.reduce((sum, { seconds }) => sum + seconds, 0);
    expect(total).toBeCloseTo(25, 1);
  });

  test.each([0, 1, 511, 1600])("yields nothing for %i samples of silence", async (length) => {
    expect(await cut([new Float32Array(length)])).toEqual([]);
  });

  test("stops where its signal is aborted", async () => {
    const abort = new AbortController();
    const detector = {
      ...signDetector,
      listen: () => async () => Promise.reject(abort.signal.reason),
    };
    abort.abort(new Error("aborted"));
    await expect(cut([recording([1, 1])], { detector, signal: abort.signal })).rejects.toThrow(
      "aborted",
    );
  });
});

describe("the energy detector", () => {
  const detect = (sample: (i: number) => number) =>
    cut([Float32Array.from({ length: 3 * rate }, (_, i) => sample(i))], {
      detector: energyDetector(),
    });
  // A linear congruential generator: noise that is the same each time.
  let state = 1;
  const noise = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 30 - 1;
  };

  test.each([
    ["silence", () => 0],
    ["an offset", () => 0.3],
    ["loud noise", () => 0.3 * noise()],
    ["hum", (i: number) => 0.3 * Math.sin((2 * Math.PI * 50 * i) / rate)],
  ])("hears nothing in %s", async (_, sample) => {
    expect(await detect(sample)).toEqual([]);
  });

  test("hears a sound that is louder than the noise before it", async () => {
    const [segment, ...others] = await detect(
      (i) => 0.01 * noise() + (i > rate && i < 1.5 * rate ? 0.3 * Math.sin(i / 10) : 0),
    );
    expect(others).toEqual([]);
    expect(segment?.start).toBeCloseTo(0.8, 1);
    expect(segment?.seconds).toBeCloseTo(0.9, 1);
  });
});
