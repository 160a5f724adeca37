/** Words of a list separated by spaces. */
export const wordSet = (words: string): ReadonlySet<string> => new Set(words.split(" "));

/** Nouns that a plural verb may follow in the singular: `a group of people are`. */
export const collectives = wordSet(
  "group couple pair bunch number lot herd flock crowd team variety series set row line pile collection few family band class handful mix mixture majority assortment array dozen pack stack party trio swarm school litter gang crew squad audience range selection mass troop cluster multitude plethora host string duo quartet lots amount ton tons fleet convoy congregation total colony gathering stream bundle heap flight",
);

const irregularPlurals = wordSet(
  "people men women children kids guys policemen firemen fishermen businessmen snowmen cowboys geese mice feet teeth oxen",
);
const pluralsAsSingular = wordSet(
  "sheep deer fish aircraft police cattle fruit furniture bison salmon cactus pants scissors jeans glasses shorts series species skis",
);
/** Singular nouns that end in `s`, besides those in `ss`, `us` and `is`. */
const singularInS = wordSet(
  "gas lens canvas christmas texas dallas chaos news swiss always yes las los paris vegas kansas atlas cosmos sometimes besides perhaps gymnastics tennis athletics physics",
);

/** Nouns of photo captions in the singular, which need a determiner of one. */
export const singularNouns = wordSet(
  "man woman person child boy girl dog cat horse bird bear cow car bus train truck bike bicycle motorcycle boat plane player rider skateboarder surfer skier snowboarder guy lady kid adult teenager toddler baby puppy table chair bed bench sign umbrella kite ball racket laptop computer phone sandwich pizza cake banana apple orange donut toilet sink clock vase",
);

/** Whether a noun is plural; undefined if it may be either, or is unknown. */
export function isPlural(word: string): boolean | undefined {
  if (irregularPlurals.has(word)) return true;
  if (singularNouns.has(word)) return false;
  if (pluralsAsSingular.has(word)) return undefined;
  return /[^suiao]s$/.test(word) && !singularInS.has(word) ? true : undefined;
}
