import { createContext, use } from "react";
import { type Dictionary, en } from "./en.ts";
import { zh } from "./zh.ts";

export type { Dictionary };
export type Language = "en" | "zh";
export const dictionaries: Readonly<Record<Language, Dictionary>> = { en, zh };
export const TextContext = createContext<Dictionary>(en);

/** The page's words in the language chosen. */
export function useText(): Dictionary {
  return use(TextContext);
}
