/** A row for each node: leaves in order below each other, a parent beside its first child. */
export function layOut(nodes: readonly { readonly parent: number | null }[]): {
  readonly rows: readonly number[];
  readonly count: number;
} {
  const children = nodes.map((_, i) => nodes.flatMap(({ parent }, j) => (parent === i ? [j] : [])));
  const rows: number[] = nodes.map(() => 0);
  let count = 0;
  const place = (node: number): number => {
    const [first = count++] = (children[node] ?? []).map(place);
    rows[node] = first;
    return first;
  };
  for (const [i, { parent }] of nodes.entries()) if (parent === null) place(i);
  return { rows, count };
}
