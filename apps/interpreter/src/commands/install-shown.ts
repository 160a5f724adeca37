import { createProgress, writeNote } from "@attend/cli-kit";
import { type Install, installEngine } from "@attend/speech-engines";

/** Installs engines, and shows how far it is. */
export function installShown({
  quiet,
  signal,
}: {
  readonly quiet: boolean;
  readonly signal?: AbortSignal;
}): Install {
  return async (engine) => {
    let isNoted = quiet;
    const progress = createProgress({ total: 1, label: engine, unit: "MB", quiet });
    try {
      await installEngine(engine, {
        signal,
        onProgress(done, total) {
          if (!isNoted) writeNote(`setting up ${engine} (${total} MB)`);
          isNoted = true;
          progress.update(Math.round(done), {}, total);
        },
      });
    } finally {
      progress.stop();
    }
  };
}
