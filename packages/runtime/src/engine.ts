import type { Engine, EngineName, LoadedEngine } from "./engines/loaded-engine.ts";
import { loadNative } from "./engines/native.ts";
import { loadWasm } from "./engines/wasm.ts";
import { AttendError, messageOf } from "./errors.ts";
import { setUpCommand } from "./install/set-up-command.ts";

let loading: Promise<Engine> | undefined;
let current: Engine | undefined;

/**
 * Loads this process's engine once: `options.engine`, otherwise the one named by the environment
 * variable ATTEND_ENGINE, otherwise native if it loads, otherwise wasm. Later calls return the same
 * engine.
 *
 * @throws AttendError `ENGINE_MISSING` if the requested engine does not load; `BAD_ARGUMENT` if
 * ATTEND_ENGINE is not an engine's name, or a different engine is already loaded
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
      `the ${options.engine} engine was requested, but this process already runs on ${current.name}; request it in the first loadEngine call or set ATTEND_ENGINE=${options.engine}`,
    );
  }
  return current;
}

/**
 * The engine that `loadEngine` loaded.
 *
 * @throws AttendError `ENGINE_MISSING` if none is loaded yet
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
    return { ...(await loadForced(forced)), reason: `requested by ${source}` };
  }
  try {
    return { ...loadNative(), reason: "it is the fastest engine" };
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
      `the ${name} engine was requested but does not load (${firstLine(cause)}); ${remedy}`,
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
    `ATTEND_ENGINE is "${value}"; set it to "native" or "wasm", or leave it unset for the fastest`,
  );
}

function firstLine(thrown: unknown): string {
  return messageOf(thrown).split("\n", 1)[0]?.trim() ?? "";
}
