/** Published results with 1,000 questions a task, in percent of wrong answers. */
interface Published {
  readonly name: string;
  /** By the number of the task, as far as we could read them. */
  readonly errors: Readonly<Record<number, number>>;
  readonly mean: number;
  readonly failed?: number;
}

const errorsOf = (accuracies: readonly number[]) =>
  Object.fromEntries(accuracies.map((accuracy, i) => [i + 1, 100 - accuracy]));

/**
 * Read second hand: LSTM (Weston et al. 2015, table 3) and MemN2N (Sukhbaatar et al. 2015, table 1: joint training, three
 * hops, with position encoding, linear start and random noise) in programs that compare with them; the other memory
 * network, QRN (Seo et al. 2017, table 1) in its authors' repository; Universal Transformers with adaptive computation
 * time (Dehghani et al. 2019, table 1) in notes on the paper.
 */
export const published: readonly Published[] = [
  {
    name: "LSTM, Weston 2015",
    errors: errorsOf([
      50, 20, 20, 61, 70, 48, 49, 45, 64, 44, 62, 74, 94, 27, 21, 23, 51, 52, 8, 91,
    ]),
    mean: 51.3,
    failed: 20,
  },
  {
    name: "MemN2N joint, Sukhbaatar 2015",
    errors: errorsOf([
      100, 88.6, 78.1, 86.6, 85.6, 97.2, 81.7, 90.7, 98.1, 93.5, 99.7, 99.9, 99.8, 93.1, 100, 97.3,
      59.6, 90.6, 12, 100,
    ]),
    mean: 12.4,
    failed: 11,
  },
  {
    name: "MemN2N, as cited by Seo 2017",
    errors: { 2: 18.8, 3: 31.7, 4: 17.5, 5: 12.9 },
    mean: 15.2,
  },
  { name: "QRN, Seo 2017", errors: { 2: 0.7, 3: 5.7, 4: 0, 5: 1.1 }, mean: 9.9 },
  { name: "UT, Dehghani 2019", errors: {}, mean: 4.56, failed: 3 },
  { name: "UT joint, Dehghani 2019", errors: {}, mean: 7.85, failed: 5 },
];
