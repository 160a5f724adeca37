import type { Synthesizer } from "@attend/audio";
import { AttendError } from "@attend/runtime/errors";
import { chooseEngine, type EngineChoice } from "../choose-engine.ts";
import { EngineSynthesizer, type Speaking } from "./engine-synthesizer.ts";
import { kokoroJa } from "./kokoro-ja.ts";
import { piper } from "./piper.ts";
import { espeak, flite, openJtalk } from "./programs.ts";

/**
 * Loads a synthesizer. The caller closes it.
 *
 * @throws AttendError BAD_ARGUMENT for an unknown name, or a language that it does not speak; DATA_MISSING with the
 *   remedy if it, or any of them, is not installed; whatever `install` throws
 */
export async function loadSynthesizer(choice: EngineChoice): Promise<Synthesizer> {
  const engine = await chooseEngine("synthesizer", choice);
  const speaking = speakers[engine.name];
  if (speaking === undefined) throw new AttendError("BAD_ARGUMENT", `${engine.name} cannot speak`);
  return new EngineSynthesizer(engine, speaking());
}

const speakers: Readonly<Record<string, () => Speaking>> = {
  ...{ piper, flite, "kokoro-ja": kokoroJa, open_jtalk: openJtalk, "espeak-ng": espeak },
};
