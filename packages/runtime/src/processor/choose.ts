import { isBusy, type Profile, type Sample } from "./profile.ts";

/** How products are computed. */
export interface Tuning {
  /** TensorFlow's products by oneDNN or Eigen; undefined: as the library decides by the processor's instructions. */
  readonly library: "oneDNN" | "Eigen" | undefined;
  /** Threads of an operation; undefined: all processors. */
  readonly threads: number | undefined;
  /** Products of many rows up to this depth are by our own kernels if no gradient is recorded. */
  readonly ownDepth: number;
  /** Products of gradients are by our own kernels; see `useOwnGradientProducts`. */
  readonly ownGradients: boolean;
}

/** What is used where nothing was measured. */
export const defaultTuning: Tuning = {
  library: undefined,
  threads: undefined,
  ownDepth: 512,
  ownGradients: false,
};

/** A gain below this is not worth other last digits than on other machines. */
const worthwhile = 1.15;
/** The same for our own kernels, whose gain depends more on the size. */
const worthwhileOwn = 1.3;

/** The tuning for what was measured: the default unless something else is clearly faster. */
export function chooseTuning(profile: Profile): Tuning {
  if (isBusy(profile)) return defaultTuning;
  const { onednn, eigen, halfThreads, threads } = profile;
  const library = isFaster(onednn, eigen)
    ? "oneDNN"
    : isFaster(eigen, onednn)
      ? "Eigen"
      : undefined;
  const best = library === "Eigen" ? eigen : onednn;
  const fewer =
    halfThreads !== null &&
    !halfThreads.busy &&
    isFaster(halfThreads, onednn) &&
    isFaster(halfThreads, eigen);
  return {
    library,
    threads: fewer ? Math.ceil(threads / 2) : undefined,
    ownDepth: chooseOwnDepth(profile, best),
    ownGradients: isOwnFaster(profile, best),
  };
}

/** A line on what products a process uses, for `--doctor`; `remedy` is the command that measures. */
export function describeTuning(
  profile: Profile | undefined,
  tuning: Tuning,
  remedy: string,
): string {
  const gradients = tuning.ownGradients ? " and for gradients" : "";
  const depth = `own kernels up to depth ${tuning.ownDepth}${gradients}`;
  if (profile === undefined)
    return `by the library's default, ${depth}; not measured: run ${remedy}`;
  const { onednn, eigen } = profile;
  const rates = [onednn, eigen, { tensorflow: onednn.own }].map(
    (sample) => sample.tensorflow?.[1024],
  );
  const [byOneDnn, byEigen, byOwn] = rates.map((rate) => rate?.toFixed(0) ?? "none");
  const measured = `oneDNN ${byOneDnn} GFLOPS, Eigen ${byEigen}, own kernels ${byOwn}`;
  if (isBusy(profile)) {
    return `by the library's default, ${depth}; measured on a busy machine (${measured}): run ${remedy} when it is idle`;
  }
  return `by ${tuning.library ?? "the library's default"}, ${depth}; measured: ${measured}`;
}

/** Whether TensorFlow's products of many rows are clearly faster, at each depth; small ones say little of a whole program. */
function isFaster(one: Sample, other: Sample): boolean {
  const depths = [512, 1024] as const;
  return depths.every((depth) => one.tensorflow[depth] >= worthwhile * other.tensorflow[depth]);
}

function isOwnFaster({ onednn, eigen }: Profile, { gradients }: Sample): boolean {
  // Both measured the same kernels: the slower one was disturbed.
  const own = Math.max(onednn.gradients.own ?? 0, eigen.gradients.own ?? 0);
  return own >= worthwhile * gradients.tensorflow;
}

function chooseOwnDepth(
  { onednn: { own: one }, eigen: { own: other } }: Profile,
  { tensorflow }: Sample,
): number {
  if (one === null || other === null) return defaultTuning.ownDepth;
  // Both measured the same kernels: the slower one was disturbed.
  const own = (depth: 512 | 1024) => Math.max(one[depth], other[depth]);
  if (tensorflow[512] >= worthwhileOwn * own(512)) return 128;
  return own(1024) >= worthwhileOwn * tensorflow[1024] ? 1024 : defaultTuning.ownDepth;
}
