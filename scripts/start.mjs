// Runs an app's program from its sources: `node --conditions=@attend/source scripts/start.mjs translation ...`,
// or an example: `... scripts/start.mjs example beam-search`.
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { runFromSources } from "./from-sources.mjs";

const root = dirname(import.meta.dirname);
const [app = "", ...args] = process.argv.slice(2);
const program =
  app === "example" ? exampleOf(args.shift()) : join(root, floorOf(app), app, "src", "cli.ts");

// pnpm runs a script in the folder of its package.json, but paths are relative to the user's folder (INIT_CWD).
// If another project's script calls this program, INIT_CWD is not the user's folder.
const { npm_package_json: manifest = "", INIT_CWD: userFolder, npm_lifecycle_event } = process.env;
const isOurScript = existsSync(manifest) && dirname(realpathSync(manifest)) === root;
if (isOurScript && userFolder !== undefined) process.chdir(userFolder);
// The program's name in help and messages.
if (isOurScript) process.env.ATTEND_PROGRAM = `pnpm ${npm_lifecycle_event}`;

await runFromSources(program, args);

function floorOf(app) {
  return existsSync(join(root, "apps", app)) ? "apps" : "faces";
}

function exampleOf(name) {
  const names = readdirSync(join(root, "examples/programs")).flatMap(
    (file) => /^(.+)\.ts$/.exec(file)?.[1] ?? [],
  );
  if (names.includes(name)) return join(root, "examples/programs", `${name}.ts`);
  process.stderr.write(
    `error: ${name ?? "no name"} is not an example; use one of ${names.join(", ")}\n`,
  );
  process.exit(2);
}
