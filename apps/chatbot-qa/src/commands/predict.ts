import { converse, options, pathOption, writeNote } from "@attend/cli-kit";
import type { EngineName } from "@attend/runtime";
import { Command } from "commander";

interface AskFlags {
  readonly input?: string;
  readonly json: boolean;
  readonly model?: string;
  readonly engine?: EngineName;
  readonly lookModel?: string;
  readonly quiet: boolean;
  readonly smallTalk?: string | false;
}

const examples = `
Examples:
  attend-chat                                          a conversation
  attend-chat "how do I translate a file?"             one question
  attend-chat --model runs/chat "do you ship abroad?"  with your own model
  attend-chat --input questions.txt --json             a line of JSON for each line
  attend-chat --input - --json                         the same for the lines of stdin

In a conversation, /why tells what the last answer rests on, /reset forgets what was said, /save <file> writes the
conversation to a file, /look <photo> asks about a photo by the program attend-vqa, if that is installed, /help lists
the commands, and /quit ends.

With --json: { question, answer, confidence, confident, source }, and for a model of intents
{ text, intent, confidence, confident }. "answer" is the best one even if "confident" is false.`;

/** `attend-chat ask`: the default command. */
export function askCommand(): Command {
  return new Command("ask")
    .description(
      "hold a conversation, or answer one question or those of a file (the default command)",
    )
    .argument("[question...]", "without it, lines are read from stdin")
    .optionsGroup("Many questions:")
    .addOption(pathOption("--input <file>", "questions, one per line; - for stdin"))
    .optionsGroup("Options:")
    .addOption(options.json("print a JSON object per question"))
    .addOption(options.model())
    .addOption(
      pathOption(
        "--look-model <folder>",
        "model of attend-vqa, for /look (default: a shipped model)",
      ),
    )
    .addOption(
      pathOption(
        "--small-talk <folder>",
        "model of train --dialogue, for small talk that the other has no answer to (default: a shipped model, without --model)",
      ),
    )
    .option("--no-small-talk", "make up no replies to small talk")
    .addOption(options.engine())
    .addOption(options.precision())
    .addOption(options.quiet())
    .addHelpText("after", examples)
    .action(ask);
}

async function ask(words: readonly string[], flags: AskFlags, command: Command): Promise<void> {
  if (words.length > 0 && flags.input !== undefined) {
    command.error("error: give either a question or --input");
  }
  const { loadChatbot } = await import("../chatbot.ts");
  const { model, smallTalk, engine } = flags;
  const bot = await loadChatbot({ model, smallTalk, engine });
  if (bot.advice !== undefined && !flags.quiet) writeNote(`note: ${bot.advice}`);
  try {
    if (flags.input !== undefined) {
      const { answerFile } = await import("./answer-file.ts");
      return await answerFile(bot, flags.input, flags);
    }
    const { Conversation } = await import("./conversation.ts");
    const conversation = new Conversation(bot, flags);
    try {
      if (words.length > 0) await conversation.ask(words.join(" "));
      else await converse((line) => conversation.reply(line));
    } finally {
      conversation.close();
    }
  } finally {
    bot.close();
  }
}
