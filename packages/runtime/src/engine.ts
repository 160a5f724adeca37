import type { Engine, EngineName, LoadedEngine } from "./engines/loaded-engine.ts";
import { loadNative } from "./engines/native.ts";
import { loadWasm } from "./engines/wasm.ts";
import { AttendError, messageOf } from "./errors.ts";
import { setUpCommand } from "./install/set-up-command.ts";

let loading: Promise<Engine> | undefined;
let current: Engine | undefined;

/**
 * Loads the engine of this process once: `options.engine`, else the environment variable
 * ATTEND_ENGINE, else native where it loads, else wasm. Later calls return the same engine.
 *
 * @throws AttendError `ENGINE_MISSING` when the engine asked for does not load, `BAD_ARGUMENT` when
 * ATTEND_ENGINE names none or another engine than the loaded one is asked for.
 */
export async function loadEngine(
  options: { engine?: EngineName | undefined } = {},
): Promise<Engine> {
  loading ??= loadAndTime(options.engine);
  try {
    current = await loading;
  } catch (error) {
    loading = undefined;
    throw error;
  }
  if (options.engine !== undefined && options.engine !== current.name) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `the ${options.engine} engine was asked for, but this process already runs on ${current.name}; ask for it in the first loadEngine call or set ATTEND_ENGINE=${options.engine}`,
    );
  }
  return current;
}

/**
 * The engine that `loadEngine` loaded.
 *
 * @throws AttendError `ENGINE_MISSING` before that.
 */
export function currentEngine(): Engine {
  if (current === undefined) {
    throw new AttendError(
      "ENGINE_MISSING",
      "no engine is loaded; call `await loadEngine()` before the first tensor",
    );
  }
  return current;
}

async function loadAndTime(option: EngineName | undefined): Promise<Engine> {
  const start = performance.now();
  const engine = await load(option);
  return { ...engine, loadSeconds: (performance.now() - start) / 1000 };
}

async function load(option: EngineName | undefined): Promise<Omit<Engine, "loadSeconds">> {
  const forced = option ?? engineFromEnvironment();
  const source = option === undefined ? "ATTEND_ENGINE" : "the caller";
  if (forced !== undefined) {
    return { ...(await loadForced(forced)), reason: `asked for by ${source}` };
  }
  try {
    return { ...loadNative(), reason: "the fastest engine, and it loads" };
  } catch (error) {
    return { ...(await loadWasm()), reason: `native does not load: ${firstLine(error)}` };
  }
}

async function loadForced(name: EngineName): Promise<LoadedEngine> {
  try {
    return name === "native" ? loadNative() : await loadWasm();
  } catch (cause) {
    const remedy =
      name === "native" ? `run ${setUpCommand} to set it up, or use wasm` : "run `pnpm install`";
    throw new AttendError(
      "ENGINE_MISSING",
      `the ${name} engine was asked for but does not load (${firstLine(cause)}); ${remedy}`,
      { cause },
    );
  }
}

function engineFromEnvironment(): EngineName | undefined {
  const value = process.env["ATTEND_ENGINE"];
  if (value === undefined || value === "") return undefined;
  if (value === "native" || value === "wasm") return value;
  throw new AttendError(
    "BAD_ARGUMENT",
    `ATTEND_ENGINE is "${value}"; expected "native" or "wasm", or leave it unset to take the fastest`,
  );
}

function firstLine(thrown: unknown): string {
  return messageOf(thrown).split("\n", 1)[0]?.trim() ?? "";
}
