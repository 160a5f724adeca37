import type { Synthesizer } from "@attend/audio";
import { type Install, loadSynthesizer } from "@attend/speech-engines";

/** Which synthesizer to open. */
export interface SynthesizerChoice {
  readonly language: string;
  readonly synthesizer?: string | Synthesizer | undefined;
  readonly install?: Install | undefined;
}

/** Opens a synthesizer, which the caller closes. Throws like `loadSynthesizer`. */
export async function openSynthesizer(choice: SynthesizerChoice): Promise<Synthesizer> {
  const { synthesizer, language, install } = choice;
  if (typeof synthesizer === "object") return synthesizer;
  return loadSynthesizer({ name: synthesizer, language, install });
}
