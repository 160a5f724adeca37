/** A network that each side builds; its input is `[batch, steps, units]`. */
export interface Network {
  readonly cell: "rnn" | "lstm" | "gru";
  readonly layers: number;
  readonly bidirectional: boolean;
  readonly batch: number;
  readonly steps: number;
  readonly units: number;
}

export type Pass = "forward" | "both";

const sizes = [
  { batch: 64, steps: 20, units: 512 },
  { batch: 32, steps: 50, units: 256 },
  { batch: 64, steps: 20, units: 1024 },
  { batch: 16, steps: 200, units: 128 },
];

const shapes = [
  { layers: 1, bidirectional: false },
  { layers: 3, bidirectional: false },
  { layers: 1, bidirectional: true },
];

export const networks: readonly Network[] = (["rnn", "lstm", "gru"] as const).flatMap((cell) =>
  shapes.flatMap((shape) => sizes.map((size) => ({ cell, ...shape, ...size }))),
);

export function nameOf({ cell, layers, bidirectional }: Network): string {
  const shape = bidirectional ? "bidirectional" : `${layers} layer${layers > 1 ? "s" : ""}`;
  return `${cell.toUpperCase()}, ${shape}`;
}
