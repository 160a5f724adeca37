import type { DecodingTokens, Hypothesis } from "@attend/decoding";
import { highest } from "@attend/runtime";
import type { TracedStep } from "./traced-decoder.ts";

/** A path of the search by its last token. */
export interface TreeNode {
  /** The index of the path that it continues; null for the root. */
  readonly parent: number | null;
  readonly token: number;
  readonly step: number;
  readonly probability: number;
  /** The sum from the root. */
  readonly logProbability: number;
  readonly fate: "followed" | "ended" | "dropped";
}

/**
 * The tree of a beam search for one source: for each path that it followed, the `beamWidth` likeliest
 * continuations, and all that it followed or returned.
 *
 * @returns the nodes, the root first, and for each hypothesis the index of its last node
 */
export function buildTree(
  steps: readonly TracedStep[],
  hypotheses: readonly Hypothesis[],
  { beamWidth, special }: { beamWidth: number; special: DecodingTokens },
): { nodes: TreeNode[]; leaves: number[] } {
  const { start, end, suppressed } = special;
  const never = new Set([start, ...suppressed]);
  const found = hypotheses.map(({ tokens, ended }) => (ended ? [...tokens, end] : tokens));
  const nodes: TreeNode[] = [
    { parent: null, token: start, step: 0, probability: 1, logProbability: 0, fate: "followed" },
  ];
  const leaves = found.map(() => 0);
  // The node of each row, and the hypotheses that begin with its path.
  let paths = [{ node: 0, through: [...found.keys()] }];
  for (const [index, { logits }] of steps.entries()) {
    const next = steps[index + 1];
    const followed: typeof paths = [];
    for (const [row, { node, through }] of paths.entries()) {
      const logProbabilities = logSoftmax(logits[row] ?? [], never);
      const rows = new Map<number, number>();
      for (const [at, token] of next?.tokens.entries() ?? []) {
        if (next?.parents[at] === row) rows.set(token, at);
      }
      const tokens = new Set([
        ...highest(logProbabilities, beamWidth),
        ...rows.keys(),
        ...through.map((i) => found[i]?.[index] ?? end),
      ]);
      for (const token of tokens) {
        const on = through.filter((i) => found[i]?.[index] === token);
        const last = on.filter((i) => found[i]?.length === index + 1);
        const at = rows.get(token);
        const logProbability = logProbabilities[token] ?? Number.NEGATIVE_INFINITY;
        const child = nodes.length;
        nodes.push({
          parent: node,
          token,
          step: index + 1,
          probability: Math.exp(logProbability),
          logProbability: (nodes[node]?.logProbability ?? 0) + logProbability,
          fate: last.length > 0 ? "ended" : at === undefined ? "dropped" : "followed",
        });
        for (const i of last) leaves[i] = child;
        if (at !== undefined)
          followed[at] = { node: child, through: on.filter((i) => !last.includes(i)) };
      }
    }
    paths = followed;
  }
  return { nodes, leaves };
}

/** Log-probabilities of all tokens but those that are never chosen. */
function logSoftmax(logits: readonly number[], never: ReadonlySet<number>): number[] {
  const allowed = logits.map((logit, token) =>
    never.has(token) ? Number.NEGATIVE_INFINITY : logit,
  );
  const most = allowed.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const sum = allowed.reduce((total, logit) => total + Math.exp(logit - most), 0);
  return allowed.map((logit) => logit - most - Math.log(sum));
}
