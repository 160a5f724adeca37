import { createRandom, type Random } from "@attend/runtime";

/** The values of each option of a config, by its path (`encoder.cell`). */
export type ConfigOptions = Readonly<Record<string, readonly unknown[]>>;

/** The config that a schema returns, or undefined if it rejects it: `schema.safeParse(config).data`. */
type Parse<Config> = (config: object) => Config | undefined;

/** One value for each option. */
type Choice = Readonly<Record<string, unknown>>;

/** Every combination of the options' values that `parse` allows. */
export function allConfigs<Config>(options: ConfigOptions, parse: Parse<Config>): Config[] {
  return combinations(options).flatMap((choice) => parse(nest(choice)) ?? []);
}

/** The number of completions of a pair that are tried before it counts as rejected. */
const attempts = 100;

/**
 * A few of the configs that `parse` allows, which cover every allowed pair of two options' values: few faults
 * need three (Kuhn et al. 2004, "Software fault interactions").
 */
export function pairwiseConfigs<Config>(options: ConfigOptions, parse: Parse<Config>): Config[] {
  const random = createRandom(1);
  const names = Object.keys(options);
  const covered = new Set<string>();
  const configs: Config[] = [];
  const pairs = names.flatMap((name, i) =>
    names.slice(0, i).flatMap((other) => combinations(pick(options, [name, other]))),
  );
  for (const pair of pairs) {
    if (covered.has(JSON.stringify(pair))) continue;
    for (let i = 0; i < attempts; i++) {
      const choice = { ...draw(options, random), ...pair };
      const config = parse(nest(choice));
      if (config === undefined) continue;
      configs.push(config);
      for (const [j, name] of names.entries()) {
        for (const other of names.slice(0, j)) {
          covered.add(JSON.stringify(pick(choice, [name, other])));
        }
      }
      break;
    }
  }
  return configs;
}

function combinations(options: ConfigOptions): Choice[] {
  return Object.entries(options).reduce<Choice[]>(
    (choices, [name, values]) =>
      choices.flatMap((choice) => values.map((value) => ({ ...choice, [name]: value }))),
    [{}],
  );
}

function pick<Value>(
  from: Readonly<Record<string, Value>>,
  names: readonly string[],
): Record<string, Value> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}

function draw(options: ConfigOptions, random: Random): Choice {
  return Object.fromEntries(
    Object.entries(options).map(([name, values]) => [name, values[random.integer(values.length)]]),
  );
}

/** `{ "encoder.cell": "gru" }` as `{ encoder: { cell: "gru" } }`. */
function nest(choice: Choice): object {
  const groups = new Map<string, Choice>();
  const plain: [string, unknown][] = [];
  for (const [path, value] of Object.entries(choice)) {
    const [name = "", inner] = path.split(".", 2);
    if (inner === undefined) plain.push([name, value]);
    else groups.set(name, { ...groups.get(name), [inner]: value });
  }
  return Object.fromEntries([...plain, ...groups]);
}
