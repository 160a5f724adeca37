import {
  converse,
  options,
  pathOption,
  writeJsonLine,
  writeLine,
  writeNote,
} from "@attend/cli-kit";
import type { EngineName } from "@attend/runtime";
import { AttendError } from "@attend/runtime/errors";
import { Command } from "commander";
import type { Answerer, AnswerResult, AskOptions } from "../answerer.ts";
import { answerLines, jsonOf } from "../present/answers.ts";
import type { Conversation } from "./conversation.ts";
import { withFlagNames } from "./flag-names.ts";
import { drawRegions, openRegionFolder, type RegionFolder } from "./region-folder.ts";
import type { ColumnFlags } from "./sets.ts";

interface PredictFlags extends Omit<ColumnFlags, "answerColumn"> {
  readonly input?: string;
  readonly images?: string;
  readonly json: boolean;
  readonly nBest?: number;
  readonly attention?: string;
  readonly maxPixels?: number;
  readonly timeout?: number;
  readonly model?: string;
  readonly engine?: EngineName;
  readonly quiet: boolean;
}

const examples = `
Examples:
  attend-vqa car.jpg "what color is the car?"        red (0.83)
  attend-vqa car.jpg                                 ask one question after the other
  attend-vqa car.jpg < questions.txt                 the questions on stdin, one per line
  attend-vqa car.jpg "is it red?" --attention why    a PNG: where the model looked
  attend-vqa --images photos --input questions.tsv --json > answers.jsonl

In a conversation, /photo <file> changes the photo, /why tells where the model looked for the last answer,
and /quit ends. With --input (columns image, question), each row gives one line, in order. A question
that cannot be answered is reported, and the exit code is then 1.`;

/** `attend-vqa <photo> <question>`: the default command. */
export function predictCommand(): Command {
  return new Command("attend-vqa")
    .description("Answers questions about photos.")
    .argument("[photo]", "a file, a web address, or - for stdin")
    .argument("[question]", "without it, questions are read from stdin")
    .optionsGroup("Output:")
    .addOption(options.json("print one JSON object per line"))
    .addOption(options.nBest("runners-up for each answer, the best first (default: 5)"))
    .addOption(
      pathOption("--attention <folder>", "show where the model looked: a PNG for each answer"),
    )
    .addOption(options.quiet())
    .optionsGroup("Many questions:")
    .addOption(pathOption("--input <file>", "CSV, TSV or JSON lines: image, question"))
    .addOption(pathOption("--images <folder>", "the photos of --input (default: this folder)"))
    .option("--image-column <name>", "the column of --input with the photos (default: image)")
    .option("--question-column <name>", "the column with the questions (default: question)")
    .optionsGroup("Options:")
    .addOption(options.model())
    .addOption(options.maxPixels())
    .addOption(options.timeout())
    .addOption(options.engine())
    .addOption(options.precision())
    .addHelpText("after", examples)
    .action(predict);
}

async function predict(
  photo: string | undefined,
  question: string | undefined,
  flags: PredictFlags,
  command: Command,
): Promise<void> {
  if ((photo === undefined) === (flags.input === undefined)) {
    command.error("error: give either a photo or --input");
  }
  if (flags.input === undefined && flags.images !== undefined) {
    command.error("error: --images is for --input");
  }
  if (photo === "-" && question === undefined) {
    command.error("error: the photo is on stdin, so the question must be an argument");
  }
  const regions =
    flags.attention === undefined ? undefined : await openRegionFolder(flags.attention);
  const { loadAnswerer } = await import("../answerer.ts");
  const answerer = await loadAnswerer({ model: flags.model, engine: flags.engine });
  if (answerer.advice !== undefined && !flags.quiet) writeNote(`note: ${answerer.advice}`);
  try {
    if (flags.input !== undefined) {
      const { answerFile } = await import("./answer-file.ts");
      await answerFile(answerer, flags.input, flags, askOptions(flags), regions);
    } else if (photo !== undefined && question !== undefined) {
      await answerOne(answerer, photo, question, flags, regions);
    } else if (photo !== undefined) {
      const { Conversation } = await import("./conversation.ts");
      const show = (image: string, result: AnswerResult) => {
        warn(result);
        return flags.json ? JSON.stringify(jsonOf(image, result)) : answerLines(result);
      };
      const conversation = { ask: askOptions(flags), show, draw: regions?.write };
      await converseAbout(new Conversation(answerer, photo, conversation));
    }
  } catch (thrown) {
    throw AttendError.isInstance(thrown) ? withFlagNames(thrown) : thrown;
  } finally {
    answerer.close();
  }
}

/** Replies to each line of stdin. */
function converseAbout(conversation: Conversation): Promise<void> {
  return converse(async (line) => {
    const reply = await conversation.reply(line).catch((thrown: unknown) => {
      throw AttendError.isInstance(thrown) ? withFlagNames(thrown) : thrown;
    });
    if (reply !== undefined) await writeLine(reply);
  });
}

async function answerOne(
  answerer: Answerer,
  photo: string,
  question: string,
  flags: PredictFlags,
  regions: RegionFolder | undefined,
): Promise<void> {
  const source = photo === "-" ? process.stdin : photo;
  let result: AnswerResult;
  try {
    result = await answerer.ask(source, question, askOptions(flags));
  } catch (thrown) {
    if (!AttendError.isInstance(thrown) || !flags.json) throw thrown;
    // A program that reads JSON gets a line in any case.
    const { message } = withFlagNames(thrown);
    writeNote(`error: ${message}`);
    process.exitCode = 1;
    return writeJsonLine({ image: photo, question, error: message });
  }
  warn(result);
  // The answer is printed even if there is no picture.
  const drawn = await drawRegions(regions, photo, result);
  if (flags.json) await writeJsonLine({ ...jsonOf(photo, result), ...drawn });
  else await writeLine(answerLines(result));
}

function warn({ warning }: AnswerResult): void {
  if (warning !== undefined) writeNote(`warning: ${warning}`);
}

function askOptions({ nBest, maxPixels, timeout, attention }: PredictFlags): AskOptions {
  const isDrawn = attention !== undefined;
  return { nBest, maxPixels, timeout, attention: isDrawn, picture: isDrawn };
}
