import { AttendError, tf } from "@attend/runtime";

/** Leaves in records and lists. */
type Tree<Leaf> = Leaf | { readonly [name: string]: Tree<Leaf> } | Tree<Leaf>[];

/** A cell's state: tensors `[batch, size]` by name, nested if the cell is made of other cells. */
export type CellState = { readonly [name: string]: Tree<tf.Tensor2D> };

/** The state of each layer, the lowest first. */
export type LayersState = { readonly layers: CellState[] };

/** The size of each tensor of a state, nested like the state. */
export type StateSizes<State> = { readonly [Name in keyof State]: SizesOf<State[Name]> };
type SizesOf<Part> = Part extends tf.Tensor ? number : Tree<number>;

/** The path and size of each tensor of a state, in order. */
export function sizesIn(
  sizes: Tree<number>,
  path: string[] = [],
): { path: string[]; size: number }[] {
  if (typeof sizes === "number") return [{ path, size: sizes }];
  return Object.entries(sizes).flatMap(([name, inner]) => sizesIn(inner, [...path, name]));
}

/**
 * The tensor of a state at a path.
 *
 * @throws AttendError BAD_SHAPE if there is none
 */
export function tensorAt(state: CellState, path: readonly string[]): tf.Tensor2D {
  let part: Tree<tf.Tensor2D> | undefined = state;
  for (const name of path) {
    if (part instanceof tf.Tensor) part = undefined;
    part = Array.isArray(part) ? part[Number(name)] : part?.[name];
  }
  if (part instanceof tf.Tensor) return part;
  throw new AttendError("BAD_SHAPE", `the state's ${path.join(".")} is missing`);
}

/** The tensors of a state in the order of its sizes. */
export function tensorsOf<State extends CellState>(
  sizes: StateSizes<State>,
  state: State,
): tf.Tensor2D[] {
  return sizesIn(sizes).map(({ path }) => tensorAt(state, path));
}

/** Builds a state from tensors in the order of its sizes. */
export function stateFrom<State extends CellState>(
  sizes: StateSizes<State>,
  tensors: readonly tf.Tensor2D[],
): State {
  const rest = [...tensors];
  const next = () => {
    const tensor = rest.shift();
    if (tensor === undefined) throw new RangeError("fewer tensors than the state has");
    return tensor;
  };
  return mapTree<number>(sizes, next) as State; // Nested like its sizes.
}

/** Combines two states tensor by tensor; `name` is the first name of a tensor's path. */
export function zipStates<State extends CellState>(
  a: State,
  b: State,
  zip: (a: tf.Tensor2D, b: tf.Tensor2D, name: keyof State) => tf.Tensor2D,
): State {
  const zipped = (tensor: tf.Tensor2D, path: string[]) => {
    const [name = ""] = path;
    return zip(tensor, tensorAt(b, path), name);
  };
  return mapTree<tf.Tensor2D>(a, zipped) as State;
}

function mapTree<Leaf extends number | tf.Tensor2D>(
  tree: Tree<Leaf>,
  map: (leaf: Leaf, path: string[]) => tf.Tensor2D,
  path: string[] = [],
): Tree<tf.Tensor2D> {
  if (isLeaf(tree)) return map(tree, path);
  if (Array.isArray(tree)) return tree.map((inner, i) => mapTree(inner, map, [...path, `${i}`]));
  return Object.fromEntries(
    Object.entries(tree).map(([name, inner]) => [name, mapTree(inner, map, [...path, name])]),
  );
}

function isLeaf<Leaf extends number | tf.Tensor2D>(tree: Tree<Leaf>): tree is Leaf {
  return typeof tree === "number" || tree instanceof tf.Tensor;
}
