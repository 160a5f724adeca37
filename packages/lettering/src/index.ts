export { type Lettering, lettering, shorten, wrap } from "./lettering.ts";
