import { interruptible, options, writeLine } from "@attend/cli-kit";
import { Command } from "commander";
import { fromOption, toOption } from "./flags.ts";

interface SetupFlags {
  readonly from: string;
  readonly to: string;
  readonly quiet: boolean;
}

const examples = `
Examples:
  attend-interpret setup                    what English to Japanese needs
  attend-interpret setup --to fr            what English to French needs
  attend-interpret setup whisper-small      one engine
  attend-interpret --doctor                 which engines there are, and how to get them`;

/** `attend-interpret setup` */
export function setupCommand(): Command {
  return new Command("setup")
    .description("install engines; without names, the best ones for two languages")
    .argument("[engines...]", "names, as --doctor lists them")
    .addOption(fromOption())
    .addOption(toOption())
    .addOption(options.quiet())
    .addHelpText("after", examples)
    .action(setUp);
}

async function setUp(names: readonly string[], { from, to, quiet }: SetupFlags): Promise<void> {
  const { loadRecognizer, loadSynthesizer, loadVoiceActivity } = await import(
    "@attend/speech-engines"
  );
  const { installShown } = await import("./install-shown.ts");
  await interruptible(async (signal) => {
    const install = installShown({ quiet, signal });
    if (names.length > 0) {
      for (const name of names) await install(name);
      return writeLine(`${names.join(", ")} can be used`);
    }
    const loaded = [
      await loadVoiceActivity({ install }),
      await loadRecognizer({ language: from, install, detector: false }),
      await loadSynthesizer({ language: to, install }),
    ];
    for (const engine of loaded) await engine.close();
    await writeLine(`${loaded.map(({ name }) => name).join(", ")} can be used`);
  });
}
