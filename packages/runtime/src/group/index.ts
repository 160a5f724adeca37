export { alone, type Group } from "./group.ts";
export { joinGroup } from "./join.ts";
export { type Place, placeInGroup } from "./place.ts";
