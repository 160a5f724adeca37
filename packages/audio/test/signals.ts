/** The noise of `golden/make_features.py` and `golden/make_resampled.py`: from -0.5 to 0.5. */
export function noise(count: number): Float32Array {
  let state = 1;
  return new Float32Array(count).map(() => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

/** A sine of `frequency` Hz. */
export function sine(frequency: number, sampleRate: number, count: number): Float32Array {
  return new Float32Array(count).map((_, n) =>
    Math.sin((2 * Math.PI * frequency * n) / sampleRate),
  );
}

/** The largest absolute difference; infinite if the lengths differ. */
export function distance(a: Float32Array, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  return a.reduce((most, x, index) => Math.max(most, Math.abs(x - (b[index] ?? NaN))), 0);
}

/** The same samples in pieces of many sizes, also none. */
export function inPieces(samples: Float32Array): Float32Array[] {
  const pieces: Float32Array[] = [];
  for (
    let start = 0, size = 0;
    start < samples.length;
    start += size, size = (7 * size + 1) % 997
  ) {
    pieces.push(samples.subarray(start, start + size));
  }
  return pieces;
}
