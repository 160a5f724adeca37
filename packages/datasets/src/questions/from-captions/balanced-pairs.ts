import type { Random } from "@attend/runtime/random";
import type { Statement } from "./statements.ts";

/** A question with yes or no about the photo of a statement. */
export interface YesNo {
  readonly of: Statement;
  readonly question: string;
  readonly answer: "yes" | "no";
}

/** How often statements without a partner are shuffled again. */
const rounds = 20;

/**
 * Pairs statements of a group that exclude each other, such as a photo with a dog and one with a cat, and
 * asks both photos for both: each question is asked twice, with "yes" and with "no", so that its words
 * do not tell the answer (as in VQA v2, Goyal et al. 2017). Statements without a partner are left out.
 */
export function balancedPairs(statements: readonly Statement[], random: Random): YesNo[] {
  const groups = new Map<string, Statement[]>();
  for (const statement of statements) {
    const group = groups.get(statement.group);
    if (group === undefined) groups.set(statement.group, [statement]);
    else group.push(statement);
  }
  const found: YesNo[] = [];
  for (let rest of groups.values()) {
    for (let round = 0; round < rounds && rest.length > 1; round++) {
      random.shuffle(rest);
      const left: Statement[] = rest.length % 2 === 1 ? rest.slice(-1) : [];
      for (let at = 0; at + 1 < rest.length; at += 2) {
        const [a, b] = rest.slice(at, at + 2);
        if (a === undefined || b === undefined) continue;
        if (a.allows(b.value) || b.allows(a.value)) left.push(a, b);
        else found.push(...askBoth(a, b, random), ...askBoth(b, a, random));
      }
      rest = left;
    }
  }
  return found;
}

/** Asks for the value of `yes`, which is false of `no`. */
function askBoth(yes: Statement, no: Statement, random: Random): YesNo[] {
  const wordings = yes.questions(yes.value);
  const question = wordings[random.integer(wordings.length)] ?? "";
  return [
    { of: yes, question, answer: "yes" },
    { of: no, question, answer: "no" },
  ];
}
