import { AttendError } from "@attend/runtime/errors";
import { catalog, type Engine, type EngineKind, engineCalled } from "./catalog.ts";
import { isInstalled, missingOf, remedyFor, requireInstalled } from "./install/installed.ts";

/** What is asked of an engine. */
export interface EngineChoice {
  /** One of `engines()`. Default: the best that is installed and not slower than speech. */
  readonly name?: string | undefined;
  /** What it must understand or speak (`en`). */
  readonly language?: string | undefined;
}

/**
 * Chooses an installed engine.
 *
 * @throws AttendError BAD_ARGUMENT for an unknown name, or one of another kind, or a language that it does not have;
 *   DATA_MISSING with the remedy
 */
export function chooseEngine(kind: EngineKind, { name, language }: EngineChoice): Engine {
  const speaks = ({ languages }: Engine) => language === undefined || languages.includes(language);
  if (name !== undefined) {
    const engine = engineCalled(name);
    if (engine.kind !== kind) {
      const names = catalog.flatMap((each) => (each.kind === kind ? [each.name] : []));
      const message = `${name} is not a ${kind}; use one of ${names.join(", ")}`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    if (!speaks(engine)) {
      const message = `${name} does not know "${language}"; use one of ${engine.languages.join(", ")}`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    requireInstalled(engine);
    return engine;
  }
  const fit = catalog.filter((each) => each.kind === kind && !each.slow && speaks(each));
  const engine = fit.find(isInstalled);
  if (engine !== undefined) return engine;
  const wanted = fit.find(isDownload) ?? fit[0];
  if (wanted === undefined) {
    const message = `no ${kind} knows "${language}"; use another language`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const remedy = remedyFor(wanted.name, missingOf(wanted.parts));
  const what = language === undefined ? kind : `${kind} for "${language}"`;
  throw new AttendError("DATA_MISSING", `no ${what} is installed; ${remedy}`);
}

/** Whether an engine can be installed without the system's package manager. */
function isDownload({ parts }: Engine): boolean {
  return parts.every(({ kind }) => kind !== "system");
}
