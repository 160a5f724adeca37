/** Words separated by spaces; `_` is a space within one. */
export function wordSet(text: string): ReadonlySet<string> {
  return new Set(text.split(" ").map((word) => word.replaceAll("_", " ")));
}

/** Names of two words, the second of which alone would be another thing. */
export const compounds = wordSet(
  "tennis_racket baseball_bat tennis_ball soccer_ball beach_ball cell_phone teddy_bear fire_hydrant stop_sign traffic_light street_sign parking_meter hot_dog chili_dog corn_dog wine_glass toilet_paper water_bottle stuffed_animal stuffed_bear fire_truck wii_remote remote_control wii_controller video_game dining_table coffee_table coffee_cup baseball_cap baseball_player tennis_player soccer_player football_player basketball_player life_jacket picnic_table swimming_pool parking_lot living_room dining_room hotel_room train_station bus_stop tennis_court basketball_court baseball_field soccer_field baseball_game tennis_match skate_park ski_slope train_track railroad_track city_street ice_cream birthday_cake french_fry santa_hat clock_tower hula_hoop tree_branch game_controller ski_lift ski_pole rock_wall christmas_tree computer_monitor potted_plant stop_light polar_bear police_officer dirt_bike train_car tank_top hair_dryer hair_drier dog_bed flower_bed hockey_player football_game soccer_game soccer_player monkey_bar conference_room waiting_room street_corner board_game",
);

/** Other spellings of names. */
export const respelled: ReadonlyMap<string, string> = new Map([
  ["surf board", "surfboard"],
  ["skate board", "skateboard"],
  ["snow board", "snowboard"],
  ["bath tub", "bathtub"],
  ["motor bike", "motorbike"],
  ["tennis racquet", "tennis racket"],
  ["decker bus", "bus"],
]);

export const colors = wordSet(
  "red white black blue brown green yellow orange pink purple gray grey tan beige silver blond blonde",
);

/** After a color they name nothing of that color, as in "white man", "red wine", "black and white photo". */
export const notColored = wordSet(
  "photo photograph picture image shot background color wine juice onion tea light area bear polar_bear board water meat person people man woman men women boy girl child kid guy lady baby male female player team one stuff substance object item thing top bottom side middle gold pepper tape stripe spot dot trim letter lettering writing marking face section part toddler skier surfer snowboarder rider skateboarder american pair lot dress_shirt head noise bean bean_bag",
);

/** What belongs to who wears it: "the man's shirt". */
export const clothes = wordSet(
  "shirt jacket coat hat cap dress pants pant shorts short suit tie sweater jersey uniform helmet shoe vest t-shirt tshirt jean jeans skirt scarf sweatshirt swimsuit bikini wetsuit boot glove outfit hoodie costume trunks trunk hair apron gown robe tank_top",
);

/** Where something happens. */
export const places = wordSet(
  "beach street city_street road field park kitchen bathroom bedroom room sidewalk forest woods wood pool swimming_pool ocean sea lake river yard backyard lawn court tennis_court basketball_court snow water grass sand dirt mud mountain hill hillside cliff city parking_lot living_room dining_room hotel_room waiting_room airport runway train_station zoo restaurant office store market library classroom gym garden playground dock pier bridge harbor desert trail path shore pond stream creek tunnel train_track railroad_track track bus_stop museum church farm barn pasture alley highway intersection stage baseball_field soccer_field skate_park ski_slope slope stadium cave canyon crosswalk driveway patio porch balcony ice countryside meadow savannah puddle street_corner",
);

/** They answer nothing: parts, positions, amounts. */
export const vague = wordSet(
  "color flight front top side middle back edge end group couple bunch way air camera picture background distance row line pair other something kind type lot piece day night time bottom center part view photo photograph image area foreground each someone thing place variety set number position direction corner left right foot hand arm leg head mouth face eye body inside outside stand look scene style trick stuff motion shot amount half surface object item ground midair display year nothing everyone one mid lap closeup close-up portrait order process use love action work while play case competition event race course contest show match tournament game system session go upright thumb glance story wheeler seater row",
);

/** "A group of dogs" are dogs, "a photo of a dog" is a dog. */
export const measures = wordSet(
  "group couple bunch herd flock crowd team pack lot lots variety collection picture photo photograph image view shot closeup close-up portrait",
);

const activityVerbs = wordSet(
  "run jump walk play ride swim surf ski skateboard snowboard climb sit stand lie lay sleep eat drink fly race fight dance sing smile laugh read write talk throw catch kick hit swing hold carry chase bite cut cook push pull dig jog hike bike skate slide splash wade dive row paddle fish camp graze drive cross wait pose wrestle bowl paint rest crouch kneel lean perch brush wash bathe hug kiss chew fetch leap sled grind perform work shop serve prepare lick sniff roll crawl celebrate cheer march juggle pet feed pitch bat watch look stare land park float sail dribble tackle wave point kneel bend squat stretch blow rollerblade",
);

/** "A man is sitting" says little about what the man is doing if another caption says more. */
export const postures = wordSet(
  "sitting standing lying laying looking watching holding waiting posing resting leaning",
);

/** Games are played without an article: "playing tennis". */
export const games = wordSet(
  "tennis soccer baseball basketball football volleyball hockey golf rugby frisbee",
);

/** Verbs that double their last letter. */
const doubling = wordSet("run swim sit jog cut hug dig hit pet bat shop squat");

/** The form in -ing of a verb. */
function gerund(verb: string): string {
  if (verb === "lie") return "lying";
  if (doubling.has(verb)) return `${verb}${verb.at(-1)}ing`;
  return /[^e]e$/.test(verb) ? `${verb.slice(0, -1)}ing` : `${verb}ing`;
}

function thirdPerson(verb: string): string {
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ies`;
  return /(s|sh|ch|x|o)$/.test(verb) ? `${verb}es` : `${verb}s`;
}

/** Activities by their forms: of `runs`, `run` and `running`, the last. */
export const gerunds: ReadonlyMap<string, string> = new Map(
  [...activityVerbs].flatMap((verb) =>
    [verb, thirdPerson(verb), gerund(verb)].map((form) => [form, gerund(verb)] as const),
  ),
);
