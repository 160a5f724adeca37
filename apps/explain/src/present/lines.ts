import { exploding, networkKinds } from "../config.ts";
import type { Measured, Start } from "../experiment.ts";
import type { Line } from "./chart.ts";
import { largest, mean, type Point, thin } from "./scales.ts";

/** The color of each kind of network in all plots. */
export const networkColors: Readonly<Record<string, string>> = {
  [exploding.name]: "#9a6700",
  vanilla: "#d9480f",
  LSTM: "#4269d0",
  GRU: "#2f9e44",
};

/** The same without the exploding network. */
export const adamColors = Object.fromEntries(
  Object.entries(networkColors).filter(([name]) => name !== exploding.name),
);

export const baselineColors = { "without memory": "#8a8f98" };

export const clippings = ["clipped", "not clipped"] as const;
export const phases = ["after training", "before"] as const;

const points = 60;

export function startLine({ scale, norms }: Start): Line {
  return { name: startName(scale), points: perStep(norms) };
}

export function startName(scale: number): string {
  return `x ${scale}`;
}

/** `|dL/dh_t|` after and before training. */
export function throughTimeLines({ network, before, after }: Measured): Line[] {
  const [later, earlier] = phases;
  return [
    { name: network, dash: later, points: perStep(after) },
    { name: network, dash: earlier, points: perStep(before) },
  ];
}

export function lossLine({ network, clipNorm, losses }: Measured): Line {
  return { name: network, dash: clipping(clipNorm), points: thin(losses, points, mean) };
}

/** The largest norm of neighboring updates. */
export function normLine({ network, clipNorm, gradientNorms }: Measured): Line {
  return { name: network, dash: clipping(clipNorm), points: thin(gradientNorms, points, largest) };
}

/** The loss without memory. */
export function baselineLine(baseline: number, updates: number): Line {
  const [name = ""] = Object.keys(baselineColors);
  return { name, dash: clippings[0], points: [1, updates].map((x) => ({ x, y: baseline })) };
}

export function isClipped({ clipNorm }: Measured): boolean {
  return clipNorm !== null;
}

export function isTrainedByAdam({ network }: Measured): boolean {
  return networkKinds.some(({ name, optimizer }) => name === network && optimizer.name === "adam");
}

function clipping(clipNorm: number | null): string {
  return clippings[clipNorm === null ? 1 : 0];
}

function perStep(norms: readonly number[]): Point[] {
  return norms.map((y, i) => ({ x: i + 1, y }));
}
