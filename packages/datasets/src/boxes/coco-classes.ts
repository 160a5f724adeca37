import { compounds, wordSet } from "../questions/from-captions/lexicon.ts";

/** COCO's 80 classes of objects (Lin et al. 2014), and other words for them; `_` is a space within a name. */
const synonyms: Readonly<Record<string, string>> = {
  person:
    "people man woman boy girl child children kid baby toddler infant guy lady gentleman adult teenager skier surfer skateboarder snowboarder rider cyclist bicyclist motorcyclist player baseball_player tennis_player soccer_player football_player basketball_player hockey_player batter catcher umpire officer police_officer cowboy",
  bicycle: "bike",
  car: "taxi cab suv sedan",
  motorcycle: "motorbike scooter moped dirt_bike",
  airplane: "plane jet aircraft airliner jetliner aeroplane",
  bus: "",
  train: "locomotive train_car",
  truck: "pickup pickup_truck fire_truck firetruck lorry",
  boat: "ship sailboat canoe kayak ferry yacht",
  traffic_light: "stoplight stop_light traffic_signal",
  fire_hydrant: "hydrant",
  stop_sign: "",
  parking_meter: "",
  bench: "",
  bird: "duck goose geese swan pigeon seagull parrot owl eagle flamingo",
  cat: "kitten kitty",
  dog: "puppy pup",
  horse: "pony",
  sheep: "lamb",
  cow: "bull calf calves cattle",
  elephant: "",
  bear: "polar_bear",
  zebra: "",
  giraffe: "",
  backpack: "back_pack",
  umbrella: "parasol",
  handbag: "purse hand_bag",
  tie: "necktie",
  suitcase: "luggage baggage",
  frisbee: "disc",
  skis: "",
  snowboard: "snow_board",
  sports_ball: "ball tennis_ball soccer_ball baseball_ball",
  kite: "",
  baseball_bat: "bat",
  baseball_glove: "mitt baseball_mitt",
  skateboard: "skate_board",
  surfboard: "surf_board",
  tennis_racket: "tennis_racquet racket racquet",
  bottle: "water_bottle wine_bottle",
  wine_glass: "wineglass",
  cup: "mug coffee_cup coffee_mug teacup",
  fork: "",
  knife: "knives",
  spoon: "",
  bowl: "",
  banana: "",
  apple: "",
  sandwich: "burger hamburger",
  orange: "",
  broccoli: "",
  carrot: "",
  hot_dog: "hotdog",
  pizza: "",
  donut: "doughnut",
  cake: "cupcake birthday_cake",
  chair: "armchair high_chair",
  couch: "sofa",
  potted_plant: "plant houseplant house_plant",
  bed: "",
  dining_table: "table kitchen_table",
  toilet: "",
  tv: "television tv_screen monitor computer_monitor",
  laptop: "laptop_computer",
  mouse: "mice computer_mouse",
  remote: "remote_control wii_remote wii_controller game_controller",
  keyboard: "computer_keyboard",
  cell_phone: "cellphone phone mobile_phone smartphone smart_phone",
  microwave: "microwave_oven",
  oven: "stove",
  toaster: "",
  sink: "",
  refrigerator: "fridge",
  book: "",
  clock: "",
  vase: "",
  scissors: "",
  teddy_bear: "teddy stuffed_bear",
  hair_drier: "hair_dryer blow_dryer hairdryer",
  toothbrush: "tooth_brush",
};

/** Classes by their names, plurals as well; undefined for a compound that names something else, as "train station". */
const classOf = new Map<string, string | undefined>([
  ...[...compounds].flatMap(numbers).map((name) => [name, undefined] as const),
  ...Object.entries(synonyms).flatMap(([name, others]) => {
    const names = [...wordSet(`${name} ${others}`.trim())];
    return names.flatMap(numbers).map((each) => [each, names[0]] as const);
  }),
]);

/** COCO's 80 classes; the names of several words with spaces. */
export const cocoClasses: ReadonlySet<string> = wordSet(Object.keys(synonyms).join(" "));

/** A class that a text names. */
export interface NamedClass {
  /** One of COCO's 80 classes, such as `tennis racket`. */
  readonly name: string;
  /** The index of the last word that names it. */
  readonly at: number;
}

/**
 * The classes that a text names, in order, by their own names or common other words: of "two men with a tennis
 * racket", `person` and `tennis racket`.
 *
 * @param words in lower case
 */
export function cocoClassesIn(words: readonly string[]): NamedClass[] {
  const found: NamedClass[] = [];
  for (let i = 0; i < words.length; ) {
    const pair = `${words[i]} ${words[i + 1]}`;
    const isPair = classOf.has(pair);
    const name = classOf.get(isPair ? pair : (words[i] ?? ""));
    i += isPair ? 2 : 1;
    if (name !== undefined) found.push({ name, at: i - 1 });
  }
  return found;
}

/** A name in singular and plural. */
function numbers(name: string): string[] {
  if (/[^aeiou]y$/.test(name)) return [name, name.replace(/y$/, "ies")];
  if (/man$/.test(name)) return [name, name.replace(/man$/, "men")];
  return [name, /(s|x|ch|sh)$/.test(name) ? `${name}es` : `${name}s`];
}
