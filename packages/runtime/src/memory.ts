import { AsyncLocalStorage } from "node:async_hooks";
import { currentEngine } from "./engine.ts";
import { tf } from "./tf.ts";

type EngineState = ReturnType<typeof tf.engine>["state"];
type ScopeStack = Pick<EngineState, "activeScope" | "scopeStack">;

/** The scopes that are open in this line of asynchronous work. */
const openScopes = new AsyncLocalStorage<ScopeStack>();

/**
 * `tf.tidy` for asynchronous work: disposes every tensor made inside `body`, apart from those found
 * in what it resolves to (arrays, records, maps and sets are searched) and those given to `tf.keep`.
 * The caller, or the scope around it, owns what is returned. Tensors are disposed when `body` throws, too.
 *
 * Scopes may nest and may run at the same time (`Promise.all` of scopes): each line of asynchronous
 * work has its own stack of scopes, so a scope never sees the tensors of work that it did not start.
 * Await everything that `body` starts: what finishes after the scope is not disposed.
 *
 * @throws AttendError `ENGINE_MISSING` before `loadEngine`.
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

/** Disposes every tensor in `values`: tensors, arrays, records, maps, sets, nested at will. */
export function disposeAll(...values: readonly unknown[]): void {
  for (const tensor of tensorsIn(values)) tensor.dispose();
}

/** What tensors and the process hold. */
export interface MemoryInfo {
  /** Tensors that are not disposed. */
  readonly numTensors: number;
  /** Bytes that these tensors hold. */
  readonly numBytes: number;
  /** Bytes of memory the whole process holds. */
  readonly rss: number;
}

/** @throws AttendError `ENGINE_MISSING` before `loadEngine`. */
export function memoryInfo(): MemoryInfo {
  currentEngine();
  const { numTensors, numBytes } = tf.memory();
  return { numTensors, numBytes, rss: process.memoryUsage.rss() };
}

const separated = new WeakSet<EngineState>();

/**
 * TensorFlow.js has one stack of scopes for the process; a scope that stays open over an await would
 * collect, and dispose, the tensors of all that runs meanwhile. So its two fields are read from the
 * current line of asynchronous work, and outside of any from where they were.
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
