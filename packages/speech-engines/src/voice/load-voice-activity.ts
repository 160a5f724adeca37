import { AttendError } from "@attend/runtime/errors";
import { engineCalled } from "../catalog.ts";
import { chooseEngine, type EngineChoice } from "../choose-engine.ts";
import { isInstalled } from "../install/installed.ts";
import { energyDetector } from "./energy.ts";
import { everythingDetector } from "./everything.ts";
import { sileroDetector } from "./silero.ts";
import type { VoiceActivity } from "./voice-activity.ts";

/**
 * Loads a detector of speech: `silero`, a network; `energy`, which needs no installation but takes every sudden noise for
 * speech; or `everything`, for recognizers that find speech themselves. The caller closes it.
 *
 * @param choice `name`: default `silero` if it is installed or `install` is given, else `energy`
 * @throws AttendError BAD_ARGUMENT for an unknown name; DATA_MISSING if it is not installed; whatever `install` throws
 */
export async function loadVoiceActivity({
  name,
  install,
}: Omit<EngineChoice, "language"> = {}): Promise<VoiceActivity> {
  const isThere = install !== undefined || isInstalled(engineCalled("silero"));
  switch (name ?? (isThere ? "silero" : "energy")) {
    case "energy":
      return energyDetector();
    case "everything":
      return everythingDetector();
    case "silero":
      await chooseEngine("vad", { name: "silero", install });
      return sileroDetector();
    default: {
      const message = `there is no voice activity detector "${name}"; use silero, energy or everything`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
  }
}
