import { describe, expect, it } from "vitest";
import { chooseTuning, defaultTuning, describeTuning } from "../../src/processor/choose.ts";
import type { Profile, Sample } from "../../src/processor/profile.ts";

const rates = (a: number, b: number, c: number) => ({ 128: a, 512: b, 1024: c });
const sample = (tensorflow: Sample["tensorflow"], own: Sample["own"] = null): Sample => ({
  busy: false,
  tensorflow,
  own,
  gradients: { tensorflow: 40, own: null },
});

/** Recorded, on one thread. */
const epyc: Profile = {
  processor: "AMD EPYC",
  threads: 1,
  library: "2.15.1",
  kernels: "attend-0.node",
  onednn: sample(rates(104, 94.5, 101), rates(98, 83, 78)),
  eigen: sample(rates(66, 80, 86), rates(96, 83, 81)),
  halfThreads: null,
};
/** TensorFlow's rates at a depth of 1024 are recorded, on two threads; the others are assumed. */
const xeon: Profile = {
  ...epyc,
  processor: "Intel Xeon",
  threads: 2,
  onednn: sample(rates(150, 190, 205), rates(160, 190, 190)),
  eigen: sample(rates(170, 240, 254), rates(160, 190, 190)),
  halfThreads: sample(rates(90, 120, 130)),
};

describe("chooseTuning", () => {
  it("keeps oneDNN where it is faster, and Eigen where that is", () => {
    expect(chooseTuning(epyc)).toEqual({ ...defaultTuning, library: "oneDNN" });
    expect(chooseTuning(xeon)).toEqual({ ...defaultTuning, library: "Eigen" });
  });

  it("leaves the library's own choice where the difference is small", () => {
    const onednn = sample(rates(66, 80, 95));
    expect(chooseTuning({ ...epyc, onednn })).toEqual(defaultTuning);
    const eigen = sample(rates(139, 182, 195));
    expect(chooseTuning({ ...xeon, onednn: sample(rates(75, 179, 190)), eigen })).toEqual(
      defaultTuning,
    );
  });

  it("decides nothing by what a busy machine measured", () => {
    const eigen = { ...xeon.eigen, busy: true };
    expect(chooseTuning({ ...xeon, eigen })).toEqual(defaultTuning);
  });

  it("halves the threads only if that is clearly faster", () => {
    const halfThreads = sample(rates(210, 290, 300));
    expect(chooseTuning({ ...xeon, halfThreads }).threads).toBe(1);
    expect(chooseTuning({ ...xeon, halfThreads: xeon.eigen }).threads).toBeUndefined();
    const busy = { ...halfThreads, busy: true };
    expect(chooseTuning({ ...xeon, halfThreads: busy }).threads).toBeUndefined();
  });

  it.each([
    [rates(98, 60, 60), 128],
    [rates(98, 83, 78), 512],
    [rates(98, 130, 140), 1024],
  ])("uses own kernels of rates %j up to depth %i", (own, depth) => {
    const onednn = { ...epyc.onednn, own };
    const eigen = { ...epyc.eigen, own };
    expect(chooseTuning({ ...epyc, onednn, eigen }).ownDepth).toBe(depth);
  });

  it("uses own kernels for gradients only where they are clearly faster", () => {
    const withOwn = (own: number | null) => {
      const gradients = { tensorflow: 40, own };
      const onednn = { ...epyc.onednn, gradients };
      return chooseTuning({ ...epyc, onednn }).ownGradients;
    };
    expect([null, 44, 47].map(withOwn)).toEqual([false, false, true]);
  });
});

describe("describeTuning", () => {
  const describeIt = (profile?: Profile) =>
    describeTuning(profile, profile ? chooseTuning(profile) : defaultTuning, "`set-up`");

  it("says what was measured, or how to measure", () => {
    expect(describeIt(epyc)).toBe(
      "by oneDNN, own kernels up to depth 512; measured: oneDNN 101 GFLOPS, Eigen 86, own kernels 78",
    );
    const gradients = { tensorflow: 40, own: 60 };
    expect(describeIt({ ...epyc, onednn: { ...epyc.onednn, gradients } })).toContain(
      "own kernels up to depth 512 and for gradients; measured",
    );
    expect(describeIt()).toBe(
      "by the library's default, own kernels up to depth 512; not measured: run `set-up`",
    );
    expect(describeIt({ ...xeon, onednn: { ...xeon.onednn, own: null, busy: true } })).toBe(
      "by the library's default, own kernels up to depth 512; measured on a busy machine (oneDNN 205 GFLOPS, Eigen 254, own kernels none): run `set-up` when it is idle",
    );
  });
});
