/** A row for each node: leaves in order below each other, a parent in the middle of its children. */
export function layOut(nodes: readonly { readonly parent: number | null }[]): {
  readonly rows: readonly number[];
  readonly count: number;
} {
  const children = nodes.map((_, i) => nodes.flatMap(({ parent }, j) => (parent === i ? [j] : [])));
  const rows: number[] = nodes.map(() => 0);
  let count = 0;
  const place = (node: number): number => {
    const below = (children[node] ?? []).map(place);
    const row = below.length > 0 ? (Math.min(...below) + Math.max(...below)) / 2 : count++;
    rows[node] = row;
    return row;
  };
  for (const [i, { parent }] of nodes.entries()) if (parent === null) place(i);
  return { rows, count };
}
