import type { Synthesizer } from "@attend/audio";
import { loadSynthesizer } from "@attend/speech-engines";
import { chooseEngine, type Install } from "./choose-engine.ts";

/** Which synthesizer to open. */
export interface SynthesizerChoice {
  readonly language: string;
  readonly synthesizer?: string | Synthesizer | undefined;
  readonly install?: Install | undefined;
}

/**
 * Opens a synthesizer, which the caller closes.
 *
 * @throws AttendError BAD_ARGUMENT for an unknown name, or a language that it does not speak; DATA_MISSING if it is
 *   not installed
 */
export async function openSynthesizer(choice: SynthesizerChoice): Promise<Synthesizer> {
  const { language, synthesizer, install } = choice;
  if (typeof synthesizer === "object") return synthesizer;
  const name = await chooseEngine({ kind: "synthesizer", language, name: synthesizer, install });
  return loadSynthesizer({ language, name });
}
