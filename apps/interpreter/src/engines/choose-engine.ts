import { type EngineKind, engines } from "@attend/speech-engines";

/** Installs an engine by its name. */
export type Install = (engine: string) => Promise<void>;

/** Which engine to choose. */
export interface Wanted {
  readonly kind: EngineKind;
  /** What it must understand or speak. */
  readonly language?: string | undefined;
  /** Default: the best that is installed, or else the best that can be downloaded. */
  readonly name?: string | undefined;
  /** Default: nothing is installed. */
  readonly install?: Install | undefined;
}

/** Chooses an engine, and installs it if it is missing. */
export async function chooseEngine({
  kind,
  language,
  name,
  install,
}: Wanted): Promise<string | undefined> {
  const all = (await engines()).filter(
    (engine) =>
      engine.kind === kind && (language === undefined || engine.languages.includes(language)),
  );
  const chosen =
    name === undefined
      ? (all.find(({ installed }) => installed) ?? all.find(({ downloadable }) => downloadable))
      : all.find((engine) => engine.name === name);
  if (chosen !== undefined && !chosen.installed) await install?.(chosen.name);
  // An unknown name is left for the loader to report.
  return chosen?.name ?? name;
}
