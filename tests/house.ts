import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { importsOf } from "./imports.ts";
import { fileLoadsPackage, loadsTensorFlow } from "./loading.ts";
import { type Package, packageNameOf, readPackages } from "./packages.ts";

/** From the ground up. A dependency or import must point down or stay on its floor. */
const floors: readonly (readonly string[])[] = [
  ["packages/runtime", "packages/nn"],
  [
    "packages/text",
    "packages/audio",
    "packages/metrics",
    "packages/datasets",
    "packages/training",
    "packages/model-folder",
  ],
  ["packages/attention", "packages/recurrent", "packages/decoding"],
  ["models/*"],
  [
    "packages/cnn-encoder",
    "packages/rnn-decoder",
    "packages/seq2seq",
    "packages/convs2s",
    "packages/transformer",
    "packages/vqa-fusion",
    "packages/sentence-vectors",
    "packages/story-readers",
    "packages/retrieval",
    "packages/dialogue",
    "packages/speech-engines",
    "packages/speech-recognition",
    "packages/text-repair",
  ],
  ["packages/translator", "packages/speech-translation"],
  ["apps/*", "benchmarks"],
  ["faces/*"],
  ["examples/programs"],
];

/** Packages outside of the floors: what they may use, and what may use them. */
const beside: Readonly<Record<string, { uses: readonly string[]; usedBy: readonly string[] }>> = {
  "packages/cli-kit": { uses: ["packages/runtime"], usedBy: ["apps/*", "faces/*", "benchmarks"] },
  "packages/lettering": { uses: [], usedBy: ["packages/training", "apps/*", "benchmarks"] },
  // All tests, but no code that ships.
  "packages/test-kit": { uses: ["packages/runtime"], usedBy: ["packages/decoder-kit"] },
  "packages/decoder-kit": {
    uses: ["packages/runtime", "packages/nn", "packages/decoding"],
    usedBy: [],
  },
};
const testKits: readonly string[] = ["packages/test-kit", "packages/decoder-kit"];

/** TensorFlow.js takes 0.5 s to load. These packages load without it, so that `--help` is fast. */
const fastToLoad = [
  "packages/text",
  "packages/audio",
  "packages/metrics",
  "packages/datasets",
  "packages/cli-kit",
];

/** Packages whose code for trained models must not load the trainer. */
const useModels = [
  "packages/text-repair",
  "packages/translator",
  "apps/chatbot-qa",
  "apps/image-captioning",
  "apps/interpreter",
  "apps/language-model",
  "apps/translation",
  "apps/visual-qa",
];

/** What programs import, what a command line loads on start, and everything that its default command loads. */
const inferenceFiles = [
  { file: "index.ts", late: false },
  { file: "cli.ts", late: false },
  { file: "commands/predict.ts", late: true },
];

/** Every violation of the rules below `root`, one line each. */
export function problemsOfHouse(root: string): string[] {
  const packages = readPackages(root);
  const byName = new Map(packages.map((each) => [each.name, each]));
  return packages.flatMap((from) => [
    ...problemsOfDependencies(from, byName),
    ...problemsOfTrainer(root, from, byName),
    ...sourceFiles(join(root, from.path, "src")).flatMap((file) =>
      problemsOfImports(root, file, from, byName),
    ),
  ]);
}

/** Every TypeScript file below a folder, or none if the folder does not exist. */
export function sourceFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.[cm]?tsx?$/.test(file))
    .map((file) => join(folder, file))
    .sort();
}

function problemsOfDependencies(from: Package, byName: ReadonlyMap<string, Package>): string[] {
  if (floorOf(from.path) === undefined && beside[from.path] === undefined) {
    return [`${from.path}: has no floor; assign one in tests/house.ts`];
  }
  const arrows = [
    ...from.dependencies.map((name) => ({ name, ships: true })),
    ...from.devDependencies.map((name) => ({ name, ships: false })),
  ];
  return arrows.flatMap(({ name, ships }) => {
    const to = byName.get(name);
    if (to === undefined || (!ships && testKits.includes(to.path))) return [];
    const problem = problemOfArrow(from.path, to.path);
    return problem === undefined ? [] : [`${from.path}/package.json: ${name}: ${problem}`];
  });
}

function problemsOfTrainer(
  root: string,
  from: Package,
  byName: ReadonlyMap<string, Package>,
): string[] {
  if (!useModels.includes(from.path)) return [];
  const trainer = "@attend/training";
  return inferenceFiles.flatMap(({ file, late }) => {
    const path = join(from.path, "src", file);
    if (!fileLoadsPackage(join(root, path), trainer, byName, { late })) return [];
    return [`${path}: loads ${trainer}; use \`await import\` for training`];
  });
}

function problemsOfImports(
  root: string,
  file: string,
  from: Package,
  byName: ReadonlyMap<string, Package>,
): string[] {
  const path = relative(root, file).split(sep).join("/");
  return importsOf(readFileSync(file, "utf8")).flatMap(({ specifier, atLoad }) => {
    const problem = specifier.startsWith(".")
      ? problemOfRelative(resolve(dirname(file), specifier), join(root, from.path, "src"))
      : (problemOfPackage(specifier, from, byName) ??
        (atLoad ? problemOfLoading(specifier, from, byName) : undefined));
    return problem === undefined ? [] : [`${path}: ${specifier}: ${problem}`];
  });
}

function problemOfRelative(target: string, source: string): string | undefined {
  if (target.startsWith(source + sep)) return undefined;
  return "leaves the package's src; import the other package by its name";
}

function problemOfPackage(
  specifier: string,
  from: Package,
  byName: ReadonlyMap<string, Package>,
): string | undefined {
  // Specifiers that start with # come from the package's own `imports` in its package.json.
  if (isBuiltin(specifier) || specifier.startsWith("#")) return undefined;
  const name = packageNameOf(specifier);
  if (name.startsWith("@tensorflow/") && from.path !== "packages/runtime") {
    return 'only packages/runtime may; use `import { tf } from "@attend/runtime"`';
  }
  const to = byName.get(name);
  const arrow = to && problemOfArrow(from.path, to.path);
  if (arrow !== undefined) return arrow;
  if (!from.dependencies.includes(name)) return `not declared in ${from.path}/package.json`;
  if (to && !to.exports.has(`.${specifier.slice(name.length)}`)) {
    return `a deep import; ${name} exports ${[...to.exports.keys()].join(", ")}`;
  }
  return undefined;
}

function problemOfLoading(
  specifier: string,
  from: Package,
  byName: ReadonlyMap<string, Package>,
): string | undefined {
  if (!fastToLoad.includes(from.path) || !loadsTensorFlow(specifier, byName)) return undefined;
  return "loads TensorFlow.js on start; use `await import` where it is needed";
}

function problemOfArrow(from: string, to: string): string | undefined {
  if (from === to) return undefined;
  const besideTarget = beside[to];
  if (besideTarget !== undefined) {
    return matches(besideTarget.usedBy, from) ? undefined : `${from} may not use ${to}`;
  }
  const besideSource = beside[from];
  if (besideSource !== undefined) {
    return besideSource.uses.includes(to) ? undefined : `${from} may not use ${to}`;
  }
  const [lower, upper] = [floorOf(to) ?? 0, floorOf(from) ?? 0];
  if (lower > upper) return `points up, from ${from} to ${to}`;
  // Apps do not import each other. A model may borrow weights from another.
  const separate = /^(apps|benchmarks)\b/;
  return lower === upper && separate.test(from)
    ? `points sideways, from ${from} to ${to}`
    : undefined;
}

function floorOf(path: string): number | undefined {
  const floor = floors.findIndex((rooms) => matches(rooms, path));
  return floor === -1 ? undefined : floor;
}

function matches(rooms: readonly string[], path: string): boolean {
  return rooms.some((room) => room === path || room === `${dirname(path)}/*`);
}
