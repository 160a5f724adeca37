import { formatTable } from "@attend/cli-kit";
import { engines } from "@attend/speech-engines";

/** A line for each speech engine: whether it is there, and how to get it. */
export async function describeEngines(): Promise<string> {
  const rows = (await engines()).map(({ name, kind, languages, size, installed, remedy }) => ({
    engine: name,
    kind,
    languages: languages.slice(0, 8).join(" "),
    size,
    state: installed ? "installed" : remedy,
  }));
  const digits = { engine: "digits", kind: "recognizer", languages: "en", state: "shipped" };
  return formatTable([...rows, digits]);
}
