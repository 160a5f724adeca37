import type { Segment } from "@attend/audio";
import type { SpeechSegment } from "@attend/speech-engines";

interface Hearing {
  readonly speech: SpeechSegment;
  readonly heard: Promise<readonly Segment[]>;
}

/**
 * Hears stretches of speech one after the other, and yields those that have ended. A draft is heard while nobody knows
 * whether its stretch has ended; if the stretch ends as its draft, it is not heard again. A draft that has not begun when
 * the next one comes is left out.
 *
 * @throws whatever `hear` throws for a stretch that has ended
 */
export async function* hearDrafts(
  stretches: AsyncIterable<SpeechSegment>,
  hear: (speech: SpeechSegment) => Promise<readonly Segment[]>,
): AsyncGenerator<{ readonly speech: SpeechSegment; readonly segments: readonly Segment[] }> {
  let latest: Hearing | undefined;
  const idle = async () => void (await latest?.heard.catch(() => {}));
  const begin = (speech: SpeechSegment) => {
    const heard: Hearing["heard"] = idle().then(() => (latest === hearing ? hear(speech) : []));
    heard.catch(() => {}); // Whoever needs it gets the error.
    const hearing: Hearing = { speech, heard };
    return hearing;
  };
  try {
    for await (const speech of stretches) {
      if (latest === undefined || !isSame(latest.speech, speech)) latest = begin(speech);
      if (!speech.isDraft) yield { speech, segments: await latest.heard };
    }
  } finally {
    await idle();
  }
}

function isSame(a: SpeechSegment, b: SpeechSegment): boolean {
  return a.start === b.start && a.samples.length === b.samples.length;
}
