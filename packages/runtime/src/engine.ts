import { channel } from "node:diagnostics_channel";
import type { Engine, EngineName, LoadedEngine } from "./engines/loaded-engine.ts";
import { loadNative } from "./engines/native.ts";
import { loadWasm } from "./engines/wasm.ts";
import { AttendError, messageOf } from "./errors.ts";
import { setUpCommand } from "./install/set-up-command.ts";
import { type Precision, precisionFromEnvironment } from "./precision.ts";

/** Options of {@link loadEngine}. */
export interface EngineOptions {
  /** Default: the one named by ATTEND_ENGINE, otherwise native if it loads, otherwise wasm. */
  readonly engine?: EngineName | undefined;
  /** Default: the one named by ATTEND_PRECISION, otherwise exact. */
  readonly precision?: Precision | undefined;
}

/** What a program shows its user, who may not have asked for it; a channel, because programs start without this module. */
const notes = channel("attend.note");

let loading: Promise<Engine> | undefined;
let current: Engine | undefined;

/**
 * Loads this process's engine once. Later calls return the same engine.
 *
 * @throws AttendError `ENGINE_MISSING` if the requested engine does not load; `BAD_ARGUMENT` if
 * ATTEND_ENGINE or ATTEND_PRECISION has another value, or an engine is already loaded that differs from what is requested
 */
export async function loadEngine(options: EngineOptions = {}): Promise<Engine> {
  loading ??= loadAndTime(options);
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
  if (options.precision !== undefined && options.precision !== current.precision) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `${options.precision} products were requested, but this process already computes ${current.precision} ones; request them in the first loadEngine call or set ATTEND_PRECISION=${options.precision}`,
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

async function loadAndTime(options: EngineOptions): Promise<Engine> {
  const start = performance.now();
  const precision = options.precision ?? precisionFromEnvironment();
  const engine = await load(options.engine, precision);
  return { ...engine, precision, loadSeconds: (performance.now() - start) / 1000 };
}

async function load(
  option: EngineName | undefined,
  precision: Precision,
): Promise<LoadedEngine & Pick<Engine, "reason">> {
  const forced = option ?? engineFromEnvironment();
  const source = option === undefined ? "ATTEND_ENGINE" : "the caller";
  if (forced !== undefined) {
    return { ...(await loadForced(forced, precision)), reason: `requested by ${source}` };
  }
  try {
    return { ...loadNative(precision), reason: "it is the fastest engine" };
  } catch (error) {
    const engine = await loadWasm();
    notes.publish(
      "WebAssembly computes, several times slower than the native engine; --doctor tells why, and how to get that one",
    );
    return { ...engine, reason: `native does not load: ${firstLine(error)}` };
  }
}

async function loadForced(name: EngineName, precision: Precision): Promise<LoadedEngine> {
  try {
    return name === "native" ? loadNative(precision) : await loadWasm();
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
