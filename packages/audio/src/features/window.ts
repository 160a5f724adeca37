/** A window that a frame is multiplied with. */
export type WindowName = "hann" | "hamming" | "povey" | "rectangular";

const shapes: Readonly<Record<WindowName, (turn: number) => number>> = {
  hann: (turn) => 0.5 - 0.5 * Math.cos(turn),
  hamming: (turn) => 0.54 - 0.46 * Math.cos(turn),
  povey: (turn) => (0.5 - 0.5 * Math.cos(turn)) ** 0.85,
  rectangular: () => 1,
};

/**
 * With phi_n = 2 pi n / length: Hann 0.5 - 0.5 cos(phi_n), Hamming 0.54 - 0.46 cos(phi_n) (Harris 1978, On the
 * Use of Windows), which are periodic, as in librosa and PyTorch; and Kaldi's Povey window, Hann to the power
 * of 0.85 with phi_n = 2 pi n / (length - 1).
 */
export function windowOf(name: WindowName, length: number): Float64Array {
  const period = name === "povey" ? length - 1 : length;
  return new Float64Array(length).map((_, n) => shapes[name]((2 * Math.PI * n) / period));
}
