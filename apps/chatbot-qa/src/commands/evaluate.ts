import { options, pathOption } from "@attend/cli-kit";
import { Command } from "commander";
import type { EvaluateFlags } from "./flags.ts";

const examples = `
Examples:
  attend-chat evaluate --model runs/chat --questions questions.tsv --curve curve.png
  attend-chat evaluate --model runs/intents --intents test.tsv --json
  attend-chat evaluate --model runs/stories --stories test.txt
  attend-chat evaluate --faq pairs.csv --questions questions.tsv --unanswerable others.txt

--questions has the columns question and answer: the answer of the FAQ, or a wording of its question; empty if there is
none. With --faq in place of --model, a bot is taught first. hit@1 and hit@3 are the shares of questions whose right
answer was the first, or among the first three; MRR is the mean reciprocal rank; answered and wrong are the shares that
got a right or a wrong answer with confidence, and made up that of the questions without an answer. --curve draws right
against wrong answers for every threshold. --intents: the accuracy of the texts in scope, and the recall of oos.
--stories: the accuracy of all answers, and the shares that are right or wrong with confidence.`;

/** `attend-chat evaluate`: scores a model on questions with known answers. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("score a model on questions with known answers")
    .optionsGroup("What to ask:")
    .addOption(pathOption("--questions <file>", "questions with their answers"))
    .addOption(pathOption("--unanswerable <file>", "questions that have no answer, one per line"))
    .addOption(pathOption("--faq <file>", "teach a bot these pairs instead of loading a model"))
    .addOption(pathOption("--curve <file.png>", "draw right against wrong answers"))
    .addOption(
      pathOption("--intents <file>", "texts with their intents, for a model of intents").conflicts([
        ...["questions", "unanswerable", "faq", "curve"],
      ]),
    )
    .addOption(
      pathOption("--stories <file>", "stories with questions, for a model of stories").conflicts([
        ...["questions", "unanswerable", "faq", "curve", "intents"],
      ]),
    )
    .optionsGroup("Options:")
    .addOption(options.model())
    .addOption(options.predictions("write what was found for each question as JSON lines"))
    .addOption(options.json("print the scores as one line of JSON"))
    .addOption(options.engine())
    .addOption(options.precision())
    .addOption(options.quiet())
    .addHelpText("after", examples)
    .action(evaluate);
}

async function evaluate(flags: EvaluateFlags, command: Command): Promise<void> {
  const { questions, unanswerable, intents, stories } = flags;
  if ((questions ?? unanswerable ?? intents ?? stories) === undefined) {
    command.error(
      "error: nothing to ask; give --questions, --unanswerable, --intents or --stories",
    );
  }
  if (stories !== undefined) {
    const { evaluateStories } = await import("./evaluate-stories.ts");
    return evaluateStories(stories, flags);
  }
  if (intents !== undefined) {
    const { evaluateIntents } = await import("./evaluate-intents.ts");
    return evaluateIntents(intents, flags);
  }
  const { evaluateFaq } = await import("./evaluate-faq.ts");
  await evaluateFaq(flags);
}
