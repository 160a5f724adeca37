import type { FaqMatcher, Found } from "@attend/retrieval";
import type { AssignedQuestion } from "./assign-questions.ts";
import type { Judged } from "./scores.ts";

/** What was found for a question of a test. */
export interface Tested extends AssignedQuestion, Judged {
  readonly found: Found;
}

/** Matches beyond this rank count as not found. */
const nBest = 100;

/** Asks a FAQ bot each question on its own. @throws AttendError INTERRUPTED */
export async function testMatcher(
  matcher: Pick<FaqMatcher, "find">,
  questions: readonly AssignedQuestion[],
  options: { signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): Promise<Tested[]> {
  const tested: Tested[] = [];
  for (const { question, pair } of questions) {
    const found = await matcher.find(question, { nBest, signal: options.signal });
    const at = found.matches.findIndex((match) => match.pair === pair);
    const { confidence, confident } = found;
    tested.push({
      ...{ question, pair, found, confidence, confident, isAnswerable: pair !== undefined },
      rank: at < 0 ? undefined : at + 1,
    });
    options.onProgress?.(tested.length);
  }
  return tested;
}
