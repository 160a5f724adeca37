import { wordSet } from "./lexicon.ts";

/** Things of one kind: "Is there a ...?" is asked for one and another. */
interface Kind {
  /** Words for each; the first is its name. */
  readonly things: readonly string[];
  /** Words for any of them: with one in a photo's captions, none of the kind counts as absent. */
  readonly generic: string;
}

const kinds: readonly Kind[] = [
  {
    things: [
      "man gentleman guy businessman groom cowboy fireman policeman fisherman male",
      "woman lady bride businesswoman waitress female",
      "boy",
      "girl",
    ],
    generic:
      "people person child kid baby infant toddler someone somebody group crowd couple family team player adult teenager teen friend rider skier surfer skateboarder snowboarder climber hiker biker bicyclist cyclist runner racer worker officer police_officer audience spectator passenger pedestrian student figure performer batter catcher pitcher umpire athlete skater individual chef cook driver guest participant baseball_player tennis_player soccer_player football_player basketball_player motorcyclist jockey boarder swimmer dancer wakeboarder band crew human guys other",
  },
  {
    things: [
      "dog puppy pup greyhound poodle retriever terrier collie shepherd lab labrador dalmatian",
      "cat kitten kitty",
      "horse pony colt foal mare racehorse",
      "cow bull cattle calf ox steer longhorn",
      "sheep lamb ram",
      "goat",
      "elephant",
      "giraffe",
      "zebra",
      "bear polar_bear",
      "bird parrot duck goose swan seagull pigeon gull owl eagle hawk rooster flamingo ostrich peacock crow heron pelican",
      "monkey",
      "rabbit bunny",
    ],
    generic:
      "animal pet creature wildlife herd flock livestock toy stuffed statue sculpture teddy_bear stuffed_animal stuffed_bear figurine mascot costume painting rodeo jockey carriage",
  },
  {
    things: [
      "car taxi cab sedan suv limousine convertible",
      "truck pickup lorry van fire_truck",
      "bus",
      "train locomotive tram trolley subway",
      "airplane plane jet aircraft airliner jetliner",
      "boat ship kayak canoe sailboat ferry raft yacht",
      "motorcycle motorbike scooter moped dirt_bike motorcyclist",
      "bicycle bike bicyclist cyclist",
      "helicopter",
      "skateboard skateboarder",
      "surfboard surfer",
      "snowboard snowboarder",
    ],
    generic: "vehicle traffic wheel transportation street highway road board toy rider biker",
  },
  {
    things: [
      "pizza",
      "cake cupcake cheesecake birthday_cake",
      "sandwich burger hamburger sub",
      "hot_dog hotdog",
      "banana",
      "apple",
      "orange",
      "donut doughnut",
      "broccoli",
      "carrot",
      "salad lettuce",
    ],
    generic:
      "food meal fruit vegetable dish breakfast lunch dinner veggie snack dessert pastry platter produce topping",
  },
  {
    things: [
      "bed bunk mattress",
      "couch sofa loveseat",
      "toilet urinal commode",
      "sink",
      "oven stove",
      "refrigerator fridge freezer",
      "bathtub tub",
      "bench",
      "fireplace",
    ],
    generic: "furniture bedroom bathroom restroom kitchen appliance living_room hotel_room room",
  },
  {
    things: [
      "ball tennis_ball soccer_ball beach_ball",
      "frisbee disc disk",
      "kite",
      "stick branch tree_branch",
      "umbrella parasol",
      "tennis_racket racket racquet",
      "baseball_bat bat",
    ],
    generic:
      "toy something object game soccer tennis baseball basketball football volleyball softball player match",
  },
];

/** A thing and the number of its kind. */
export interface Thing {
  readonly name: string;
  readonly kind: number;
}

/** Things by their words. */
export const things: ReadonlyMap<string, Thing> = new Map(
  kinds.flatMap(({ things }, kind) =>
    things.flatMap((line) => {
      const [name = "", ...others] = wordSet(line);
      return [name, ...others].map((word) => [word, { name, kind }] as const);
    }),
  ),
);

/** The kinds of which a word may be any thing. */
export function kindsOf(word: string): number[] {
  return genericWords.flatMap((generic, kind) => (generic.has(word) ? [kind] : []));
}

const genericWords = kinds.map(({ generic }) => wordSet(generic));

/** Who does something: "who" is asked for people, "what animal" for animals. */
export function actorOf(word: string): "person" | "animal" | undefined {
  const kind = things.get(word)?.kind;
  if (kind === 0 || (genericWords[0]?.has(word) && word !== "other")) return "person";
  return kind === 1 || word === "animal" ? "animal" : undefined;
}
