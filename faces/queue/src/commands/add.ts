import { resolve } from "node:path";
import {
  collect,
  createProgress,
  interruptible,
  options,
  wholeOption,
  writeJsonLine,
  writeLine,
} from "@attend/cli-kit";
import { isAddress } from "@attend/runtime/files";
import { Command, Option } from "commander";
import type { KindName } from "../kinds/index.ts";
import { addQueueOption, type QueueFlags, withStore } from "./with-store.ts";

interface AddFlags extends QueueFlags {
  readonly jsonl?: true;
  readonly most: number;
  readonly json: boolean;
  readonly model?: string;
  readonly beam?: number;
  readonly nBest?: number;
  readonly from?: string;
  readonly to?: string;
  readonly question?: readonly string[];
  readonly recognizer?: string;
}

const examples = `
Examples:
  attend-queue add captions /shared/photos --queue redis://10.0.0.5/holiday
  attend-queue add translation sentences.txt --to de --queue redis://10.0.0.5/sentences
  find /shared/photos -name '*.jpg' | attend-queue add captions - --queue redis://10.0.0.5/holiday

A list has an item on each line. Of one whose name ends in .jsonl (or with --jsonl), each line is an object, of which
everything comes back with the outcome. The same command again adds what is missing after an interruption.`;

/** `attend-queue add`. */
export function addCommand(): Command {
  return new Command("add")
    .description("fill a queue")
    .addCommand(captionsCommand())
    .addCommand(questionsCommand())
    .addCommand(translationCommand())
    .addCommand(recognitionCommand())
    .addHelpText("after", examples);
}

/** How a kind's items are worked on. */
interface KindHelp {
  readonly text: string;
  readonly work: (flags: AddFlags) => { readonly model: object; readonly options: object };
}

function kindCommand(
  name: KindName,
  argument: string,
  argumentText: string,
  { text, work }: KindHelp,
): Command {
  return addQueueOption(
    new Command(name)
      .description(text)
      .argument(argument, argumentText)
      .option("--jsonl", "a line of the list is a JSON object"),
  )
    .addOption(
      wholeOption("--most <n>", "pause while so many items are in the queue", {
        min: 1,
        max: 1e9,
      }).default(1_000_000),
    )
    .addOption(options.json("print a JSON object: kind, source, added"))
    .addOption(options.quiet())
    .action((source: string, flags: AddFlags) => add(name, source, flags, work(withPath(flags))));
}

/** Workers may run in any folder. */
function withPath({ model, ...flags }: AddFlags): AddFlags {
  return { ...flags, ...(model !== undefined && { model: resolve(model) }) };
}

async function add(
  kind: KindName,
  given: string,
  flags: AddFlags,
  work: ReturnType<KindHelp["work"]>,
): Promise<void> {
  const source = given === "-" || isAddress(given) ? given : resolve(given);
  const [{ addItems }, { itemsOf }, { kinds }] = await Promise.all([
    import("../add.ts"),
    import("../items.ts"),
    import("../kinds/index.ts"),
  ]);
  const { unit } = kinds[kind];
  const each = flags.question?.map((question) => ({ question }));
  await withStore(flags, async (store) => {
    const progress = createProgress({ label: "adding", total: 0, unit, quiet: flags.quiet });
    const added = await interruptible((signal) =>
      addItems(
        store,
        { kind, source, model: { ...work.model }, options: { ...work.options } },
        itemsOf(source, kinds[kind], { jsonLines: flags.jsonl, ...(each && { each }) }),
        { ...flags, signal, onAdded: (count) => progress.update(count, {}, count) },
      ),
    ).finally(() => progress.stop());
    if (flags.json) await writeJsonLine({ kind, source, added });
    else await writeLine(`${added} ${unit} are in the queue ${store.name}`);
  });
}

function captionsCommand(): Command {
  return kindCommand("captions", "<photos>", "a folder, or a list of files (- for stdin)", {
    text: 'captions of photos; a line of JSON Lines: { "image": "..." }',
    work: ({ model, beam, nBest }) => ({
      model: { folder: model },
      options: { beamWidth: beam, nBest, attention: false },
    }),
  })
    .addOption(options.model())
    .addOption(options.beam())
    .addOption(options.nBest("captions of each photo, the best first (default: all found)"));
}

function questionsCommand(): Command {
  return kindCommand("questions", "<photos>", "a folder, or a list of files (- for stdin)", {
    text: 'questions about photos; a line of JSON Lines: { "image": "...", "question": "..." }',
    work: ({ model, nBest }) => ({
      model: { folder: model },
      options: { nBest, attention: false },
    }),
  })
    .addOption(
      new Option("--question <text>", "asked about each photo; may be repeated").argParser(collect),
    )
    .addOption(options.model())
    .addOption(options.nBest("runners-up of each answer (default: 5)"));
}

function translationCommand(): Command {
  return kindCommand("translation", "<texts>", "a list of texts (- for stdin)", {
    text: 'translations of texts; a line of JSON Lines: { "text": "..." }',
    work: ({ model, from, to, beam, nBest = 1 }) => ({
      model: { folder: model, from, to },
      options: { beamWidth: beam, nBest, attention: false },
    }),
  })
    .option("--from <language>", "language of the texts (default: en)")
    .option("--to <language>", "language of the translations (default: de)")
    .addOption(options.model())
    .addOption(options.beam())
    .addOption(options.nBest("translations of each text, the best first (default: 1)"));
}

function recognitionCommand(): Command {
  return kindCommand("recognition", "<recordings>", "a folder, or a list of files (- for stdin)", {
    text: 'what is said in recordings; a line of JSON Lines: { "audio": "..." }',
    work: ({ from = "en", recognizer, nBest }) => ({
      model: { from, engine: recognizer, nBest },
      options: {},
    }),
  })
    .option("--from <language>", "language of the recordings (default: en)")
    .option("--recognizer <name>", "default: the best that is installed; `digits` is shipped")
    .addOption(options.nBest("readings of each stretch of speech (default: 1)"));
}
