/**
 * The digamma function, the derivative of the logarithm of the gamma function, for x above 0: by its
 * recurrence up to 6 and the asymptotic series from there (Abramowitz & Stegun 1964, 6.3.5 and 6.3.18).
 */
export function digamma(x: number): number {
  let [at, value] = [x, 0];
  for (; at < 6; at++) value -= 1 / at;
  const square = 1 / (at * at);
  const series = square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square / 240)));
  return value + Math.log(at) - 0.5 / at - series;
}
