import { useEffect, useState } from "react";
import type { Language } from "./i18n/index.ts";

const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export interface Preferences {
  readonly theme: Theme;
  readonly language: Language;
}

/** The theme and language chosen, which the browser keeps; at first, those of the system. */
export function usePreferences(): Preferences & { choose(changed: Partial<Preferences>): void } {
  const [preferences, setPreferences] = useState(readPreferences);
  const { theme, language } = preferences;
  useEffect(() => {
    const page = document.documentElement;
    page.lang = language === "zh" ? "zh-CN" : "en";
    if (theme === "system") delete page.dataset["theme"];
    else page.dataset["theme"] = theme;
    localStorage.setItem("attend.theme", theme);
    localStorage.setItem("attend.language", language);
  }, [theme, language]);
  return {
    ...preferences,
    choose: (changed) => setPreferences((before) => ({ ...before, ...changed })),
  };
}

export function nextTheme(theme: Theme): Theme {
  return themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";
}

function readPreferences(): Preferences {
  const language = localStorage.getItem("attend.language") ?? navigator.language;
  const stored = localStorage.getItem("attend.theme");
  return {
    theme: themes.find((theme) => theme === stored) ?? "system",
    language: language.startsWith("zh") ? "zh" : "en",
  };
}
