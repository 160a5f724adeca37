import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createProgress, formatDuration } from "../src/index.ts";

const work = { total: 1000, label: "captioning", unit: "photos" };
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A stream that records its output. */
function recorder(terminal: { isTTY?: boolean; columns?: number } = {}) {
  const stream = Object.assign(new PassThrough(), terminal);
  return { stream, written: () => String(stream.read() ?? "") };
}

describe("in a log file", () => {
  test("writes a plain line every ten seconds, with rate, time left and metrics", () => {
    const { stream, written } = recorder();
    const progress = createProgress({ ...work, stream });
    for (let second = 1; second <= 25; second++) {
      vi.advanceTimersByTime(1_000);
      progress.update(second * 4, second === 1 ? { loss: 2.3456, lr: 0.0003 } : {});
    }
    progress.stop();
    expect(written().split("\n")).toEqual([
      "captioning: 40/1000 photos, 4.00/s, 4m00s left, loss 2.346, lr 3.00e-4",
      "captioning: 80/1000 photos, 4.00/s, 3m50s left, loss 2.346, lr 3.00e-4",
      "captioning: 100/1000 photos, 4.00/s, 3m45s left, loss 2.346, lr 3.00e-4",
      "",
    ]);
  });

  test("short work writes nothing", () => {
    const { stream, written } = recorder();
    const progress = createProgress({ ...work, stream });
    vi.advanceTimersByTime(9_000);
    progress.update(1000);
    progress.stop();
    expect(written()).toBe("");
  });

  test("items done before a resume do not count toward the rate", () => {
    const { stream, written } = recorder();
    const progress = createProgress({ ...work, done: 900, stream });
    vi.advanceTimersByTime(10_000);
    progress.update(905);
    expect(written()).toBe("captioning: 905/1000 photos, 2.00 s each, 3m10s left\n");
  });
});

describe("on a terminal", () => {
  test("a bar appears after two seconds and is removed at the end", () => {
    const { stream, written } = recorder({ isTTY: true, columns: 120 });
    const progress = createProgress({ ...work, stream });
    vi.advanceTimersByTime(1_900);
    progress.update(10);
    expect(written()).toBe("");
    vi.advanceTimersByTime(600);
    progress.update(500, { loss: 2.5 });
    expect(written()).toContain(
      `captioning ${"█".repeat(12)}${"░".repeat(12)} 500/1000 photos, 200/s, 2.5s left, loss 2.500`,
    );
    progress.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("output written aside gets a cleared line above the bar", () => {
    const { stream, written } = recorder({ isTTY: true, columns: 120 });
    const progress = createProgress({ ...work, stream });
    vi.advanceTimersByTime(3_000);
    progress.update(10);
    written();
    progress.aside(() => void stream.write("a dog\n"));
    const clearedLine = "\u001b[2K\u001b[1G";
    const text = written();
    expect(text.startsWith(`${clearedLine}a dog\n`)).toBe(true);
    expect(text).toContain("10/1000 photos");
    progress.stop();
  });

  test("lines are cut to fit a narrow terminal", () => {
    const { stream, written } = recorder({ isTTY: true, columns: 40 });
    const progress = createProgress({ ...work, stream });
    vi.advanceTimersByTime(3_000);
    progress.update(10);
    const text = written();
    expect(text).toContain("captioning ░");
    expect(text).not.toContain("photos");
    progress.stop();
  });
});

test("quiet shows nothing, but still writes aside", () => {
  const { stream, written } = recorder({ isTTY: true });
  const progress = createProgress({ ...work, stream, quiet: true });
  vi.advanceTimersByTime(60_000);
  progress.update(10);
  const write = vi.fn();
  progress.aside(write);
  progress.stop();
  expect(write).toHaveBeenCalledOnce();
  expect(written()).toBe("");
});

test.each([
  [0.04, "0.0s"],
  [9.96, "10s"],
  [59.4, "59s"],
  [59.6, "1m00s"],
  [200, "3m20s"],
  [3599.7, "1h00m"],
  [7500, "2h05m"],
])("%d seconds read %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
