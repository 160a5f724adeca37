import { addTrainOptions, options, pathOption } from "@attend/cli-kit";
import { Command } from "commander";
import type { TrainFlags } from "./flags.ts";

type Teach = (file: string, flags: TrainFlags) => Promise<void>;

/** How to teach from the file of the option with the same name; only its own code is imported. */
const teachers = {
  faq: async (): Promise<Teach> => (await import("./teach-faq.ts")).teachFaq,
  intents: async (): Promise<Teach> => (await import("./teach-intents.ts")).teachIntents,
  stories: async (): Promise<Teach> => (await import("./teach-stories.ts")).teachStories,
  dialogue: async (): Promise<Teach> => (await import("./teach-dialogue.ts")).teachDialogue,
};
const kinds = ["faq", "intents", "stories", "dialogue"] as const;
type TaughtKind = (typeof kinds)[number];
const others = (...own: TaughtKind[]) => kinds.filter((each) => !own.includes(each));

const examples = `
Examples:
  attend-chat train --faq pairs.csv --out runs/chat
  attend-chat train --faq help.md --unanswerable other-questions.txt --out runs/chat
  attend-chat train --intents examples.tsv --validation more.tsv --out runs/intents
  attend-chat train --stories stories.txt --out runs/stories
  attend-chat train --dialogue log.tsv --validation more.tsv --minutes 60 --out runs/talk
  attend-chat train --dialogue log.tsv --out runs/talk --resume     continue after Ctrl-C
  attend-chat --model runs/chat

--faq: CSV, TSV or JSON lines with the columns question and answer, or Markdown, whose headings are the questions. A
question may have several wordings: separated by |, as a JSON list, or as several rows with one answer. Answers are
given word for word. --intents: the columns text and intent; the intent oos is for what is out of scope.
--stories: short stories with questions, as in bAbI. Lines are numbered, and 1 begins a story; a question has a tab and
its answer:
  1 Mary moved to the bathroom.
  2 John went to the hallway.
  3 Where is Mary?<tab>bathroom
The bot then reads what it is told, and answers from it with one of these answers. --config chooses the reader.
--dialogue: conversations, one a line with tabs between the turns, or as JSON lines; the bot learns to
reply, and nothing that it says is checked. --config, --epochs, --minutes, --resume and --held-out are for --stories and
--dialogue.`;

/** `attend-chat train`: teaches a bot. */
export function trainCommand(): Command {
  const command = new Command("train")
    .description(
      "teach a bot questions with answers, intents, to answer from stories, or to converse",
    )
    .optionsGroup("What to teach (one of these):")
    .addOption(pathOption("--faq <file>", "questions with their answers").conflicts(others("faq")))
    .addOption(
      pathOption("--intents <file>", "texts with their intents").conflicts(others("intents")),
    )
    .addOption(
      pathOption("--stories <file>", "stories with questions").conflicts(others("stories")),
    )
    .addOption(pathOption("--dialogue <file>", "conversations").conflicts(others("dialogue")))
    .optionsGroup("For --faq:")
    .addOption(
      pathOption(
        "--wordings <file>",
        "more wordings of its questions, such as from a log: columns question, answer (or one of its questions)",
      ).conflicts(others("faq")),
    )
    .addOption(
      pathOption(
        "--unanswerable <file>",
        "questions that it does not answer, one per line: what to be unsure of",
      ).conflicts(others("faq")),
    )
    .optionsGroup("Options:")
    .option(
      "--vectors <name>",
      "sentence vectors to build on: minilm or static (default: the best that are installed)",
    )
    .addOption(
      pathOption(
        "--validation <file>",
        "more of --intents, --stories or --dialogue, to choose the best by; it is not trained on",
      ).conflicts("faq"),
    )
    .addOption(
      options
        .heldOut("stories or conversations", "0.1")
        .conflicts(["validation", ...others("stories", "dialogue")]),
    );
  return addTrainOptions(command, { out: "runs/chat" })
    .addHelpText("after", examples)
    .action(train);
}

async function train(flags: TrainFlags, command: Command): Promise<void> {
  for (const kind of kinds) {
    const file = flags[kind];
    if (file === undefined) continue;
    const teach = await teachers[kind]();
    return teach(file, flags);
  }
  command.error(`error: nothing to teach; give ${kinds.map((kind) => `--${kind}`).join(" or ")}`);
}
