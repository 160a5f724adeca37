/** A group of files that import each other, including type imports. */
export type Cycle = readonly string[];

/**
 * Finds groups of files that import each other: the strongly connected components with more than one file
 * (Tarjan 1972, 'Depth-first search and linear graph algorithms').
 *
 * @param imports the imports of each file
 */
export function findCycles(imports: ReadonlyMap<string, readonly string[]>): Cycle[] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const path: string[] = [];
  const cycles: Cycle[] = [];
  const lower = (file: string, number = 0) =>
    lowest.set(file, Math.min(lowest.get(file) ?? number, number));
  const visit = (file: string) => {
    const number = order.size;
    order.set(file, number);
    lowest.set(file, number);
    path.push(file);
    for (const other of imports.get(file) ?? []) {
      if (!order.has(other)) {
        visit(other);
        lower(file, lowest.get(other));
      } else if (path.includes(other)) lower(file, order.get(other));
    }
    if (lowest.get(file) !== number) return;
    const group = path.splice(path.indexOf(file));
    if (group.length > 1) cycles.push(group);
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return cycles;
}
