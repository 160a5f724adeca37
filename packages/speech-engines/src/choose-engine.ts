import { AttendError } from "@attend/runtime/errors";
import { catalog, type Engine, type EngineKind, engineCalled } from "./catalog.ts";
import { isInstalled, missingOf, remedyFor, requireInstalled } from "./install/installed.ts";

/** Installs an engine by its name, as `installEngine` does. */
export type Install = (engine: string) => Promise<void>;

/** What is asked of an engine. */
export interface EngineChoice {
  /**
   * One of `engines()`. Default: the best that is installed or, if none is (or only a last resort) and `install` is given,
   * the best that can be; never one that is slower than speech.
   */
  readonly name?: string | undefined;
  /** What it must understand or speak (`en`). */
  readonly language?: string | undefined;
  /** Called if the engine is not installed. Default: that is an error. */
  readonly install?: Install | undefined;
}

/**
 * Chooses an engine, and installs it if it is missing.
 *
 * @throws AttendError BAD_ARGUMENT for an unknown name, or one of another kind, or a language that it does not have;
 *   DATA_MISSING with the remedy; whatever `install` throws
 */
export async function chooseEngine(kind: EngineKind, choice: EngineChoice): Promise<Engine> {
  const engine =
    choice.name === undefined ? bestOf(kind, choice) : named(kind, choice.name, choice);
  if (!isInstalled(engine)) await choice.install?.(engine.name);
  requireInstalled(engine);
  return engine;
}

function named(kind: EngineKind, name: string, { language }: EngineChoice): Engine {
  const engine = engineCalled(name);
  if (engine.kind !== kind) {
    const names = catalog.flatMap((each) => (each.kind === kind ? [each.name] : []));
    const message = `${name} is not a ${kind}; use one of ${names.join(", ")}`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  if (language === undefined || engine.languages.includes(language)) return engine;
  const message = `${name} does not know "${language}"; use one of ${engine.languages.join(", ")}`;
  throw new AttendError("BAD_ARGUMENT", message);
}

function bestOf(kind: EngineKind, { language, install }: EngineChoice): Engine {
  const fit = catalog.filter(
    ({ kind: its, slow, languages }) =>
      its === kind && !slow && (language === undefined || languages.includes(language)),
  );
  const wanted = fit.find(isDownload) ?? fit[0];
  const installed = fit.find(isInstalled);
  const canBeBetter = installed?.lastResort && install !== undefined;
  if (installed !== undefined && !canBeBetter) return installed;
  if (wanted === undefined) {
    const message = `no ${kind} knows "${language}"; use another language`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  if (install !== undefined) return wanted;
  const remedy = remedyFor(wanted.name, missingOf(wanted.parts));
  const what = language === undefined ? kind : `${kind} for "${language}"`;
  throw new AttendError("DATA_MISSING", `no ${what} is installed; ${remedy}`);
}

/** Whether an engine can be installed without the system's package manager. */
function isDownload({ parts }: Engine): boolean {
  return missingOf(parts).every(({ kind }) => kind !== "system");
}
