import { AsyncLocalStorage } from "node:async_hooks";
import { currentEngine } from "./engine.ts";
import { tf } from "./tf.ts";

type EngineState = ReturnType<typeof tf.engine>["state"];
type ScopeStack = Pick<EngineState, "activeScope" | "scopeStack">;

/** The open scopes of the current async context. */
const openScopes = new AsyncLocalStorage<ScopeStack>();

/**
 * `tf.tidy` for asynchronous work: disposes every tensor created in `body`, except those in its
 * result (arrays, records, maps and sets are searched) and those passed to `tf.keep`. The caller,
 * or the enclosing scope, owns the result. Tensors are also disposed if `body` throws.
 *
 * Scopes may nest and run concurrently (`Promise.all` of scopes): each async context has its own
 * stack of scopes, so a scope never disposes the tensors of unrelated work. Await everything that
 * `body` starts: tensors created after the scope ends are not disposed.
 *
 * @throws AttendError `ENGINE_MISSING` before `loadEngine`
 */
export async function scope<T>(body: () => Promise<T>): Promise<T> {
  currentEngine();
  const engine = tf.engine();
  separateStacks(engine.state);
  const { activeScope, scopeStack } = engine.state;
  return openScopes.run({ activeScope, scopeStack: [...scopeStack] }, async () => {
    engine.startScope();
    let kept: tf.Tensor[] = [];
    try {
      const result = await body();
      kept = tensorsIn(result);
      return result;
    } finally {
      engine.endScope(kept);
    }
  });
}

/**
 * Disposes every tensor in `values`: tensors, arrays, records, maps and sets, nested to any depth.
 */
export function disposeAll(...values: readonly unknown[]): void {
  for (const tensor of tensorsIn(values)) tensor.dispose();
}

/** Memory held by tensors and by the process. */
export interface MemoryInfo {
  /** Tensors that are not disposed. */
  readonly numTensors: number;
  /** Bytes of these tensors. */
  readonly numBytes: number;
  /** Resident memory of the process, in bytes. */
  readonly rss: number;
}

/** @throws AttendError `ENGINE_MISSING` before `loadEngine` */
export function memoryInfo(): MemoryInfo {
  currentEngine();
  const { numTensors, numBytes } = tf.memory();
  return { numTensors, numBytes, rss: process.memoryUsage.rss() };
}

const separated = new WeakSet<EngineState>();

/**
 * TensorFlow.js has one stack of scopes per process; a scope that stays open across an await would
 * collect, and dispose, the tensors of everything that runs in the meantime. Therefore its two
 * fields are read from the current async context, and outside of any scope from the original state.
 */
function separateStacks(state: EngineState): void {
  if (separated.has(state)) return;
  separated.add(state);
  const outside: ScopeStack = { activeScope: state.activeScope, scopeStack: state.scopeStack };
  const here = () => openScopes.getStore() ?? outside;
  Object.defineProperties(state, {
    activeScope: {
      get: () => here().activeScope,
      set: (scope: ScopeStack["activeScope"]) => {
        here().activeScope = scope;
      },
    },
    scopeStack: { get: () => here().scopeStack },
  });
}

function tensorsIn(value: unknown, seen = new Set<object>()): tf.Tensor[] {
  if (typeof value !== "object" || value === null || seen.has(value)) return [];
  seen.add(value);
  if (value instanceof tf.Tensor) return [value];
  if (ArrayBuffer.isView(value)) return [];
  const items =
    value instanceof Map || value instanceof Set ? value.values() : Object.values(value);
  return [...items].flatMap((item) => tensorsIn(item, seen));
}
