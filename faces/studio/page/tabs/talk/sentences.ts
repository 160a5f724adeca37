import type { InterpretationEvents } from "@attend/serve/schemas";
import type { EventOf } from "../../api/events.ts";

/** What the stages have said so far about one stretch of the recording. */
export interface Sentence {
  /** Seconds from the start of the recording. */
  readonly start: number;
  readonly heard?: InterpretationEvents["recognized"];
  readonly repaired?: InterpretationEvents["repaired"];
  readonly translated?: InterpretationEvents["translated"];
  readonly spoken?: InterpretationEvents["spoken"];
}

/** A recording as the stages have understood it so far. */
export interface Understood {
  readonly stretches: readonly InterpretationEvents["detected"][];
  readonly sentences: readonly Sentence[];
  /** The names of the engines, when all is done. */
  readonly engines?: Readonly<Record<string, string>>;
}

export const nothingYet: Understood = { stretches: [], sentences: [] };

/** With what one more event tells. */
export function understand(before: Understood, said: EventOf<InterpretationEvents>): Understood {
  switch (said.event) {
    case "detected":
      return { ...before, stretches: [...before.stretches, said.data] };
    case "recognized":
      return withSentence(before, { start: said.data.start, heard: said.data });
    case "repaired":
      return withSentence(before, { start: said.data.start, repaired: said.data });
    case "translated":
      return withSentence(before, { start: said.data.start, translated: said.data });
    case "spoken":
      return withSentence(before, { start: said.data.start, spoken: said.data });
    case "done":
      return { ...before, engines: said.data.engines };
  }
}

/** Stages agree on where a sentence starts to a hundredth of a second. */
function withSentence(before: Understood, part: Sentence): Understood {
  const same = before.sentences.find(({ start }) => Math.abs(start - part.start) < 0.01);
  const others = before.sentences.filter((sentence) => sentence !== same);
  const sentences = [...others, { ...same, ...part }].sort((a, b) => a.start - b.start);
  return { ...before, sentences };
}

/** The translation as WebVTT subtitles. */
export function subtitlesOf({ sentences, stretches }: Understood): string {
  const told = sentences.filter(({ translated }) => translated !== undefined);
  const cues = told.map(({ start, translated }, i) => {
    const stretch = stretches.find(
      (each) => start >= each.start && start < each.start + each.length,
    );
    const next = told[i + 1]?.start ?? Number.POSITIVE_INFINITY;
    const end = Math.min(next, stretch ? stretch.start + stretch.length : start + 4);
    return `${time(start)} --> ${time(Math.max(end, start + 0.5))}\n${translated?.text}`;
  });
  return `${["WEBVTT", ...cues].join("\n\n")}\n`;
}

function time(seconds: number): string {
  return new Date(1000 * seconds).toISOString().slice(11, 23);
}
