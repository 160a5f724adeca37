import { learn } from "./en-learn.ts";
import { chat, photo, talk, train, translate } from "./en-tabs.ts";

const whole = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat("en", { style: "percent", maximumSignificantDigits: 2 });

export const en = {
  loading: "Loading …",
  cancel: "Cancel",
  percent: (value: number) => (value >= 0.01 ? whole : fine).format(value),
  seconds: (seconds: number) => `${seconds} s`,
  tabs: {
    label: "What to do",
    photo: "Photo",
    translate: "Translate",
    talk: "Talk",
    chat: "Chat",
    train: "Train",
    learn: "Learn",
  },
  settings: {
    otherLanguage: "中文: show the page in Chinese",
    theme: {
      system: "Theme: as the system; change to light",
      light: "Theme: light; change to dark",
      dark: "Theme: dark; change to the system's",
    },
  },
  errors: {
    retry: "Try again",
    noServer: "The server does not answer. Start it with “pnpm studio”, then try again.",
    restarted: "The engine had to start again and lost this request. Try again.",
    forgotten:
      "The server has forgotten this conversation. Try again to go on with its own bot, or give it the FAQ or the photo once more.",
    tooSlow: "This took too long. Try a smaller file or a shorter text.",
    busy: (seconds: number) => `The server is busy. Try again in ${seconds} s.`,
    notValid: (said: string) => said,
    notFound: (said: string) => said,
    tooLarge: (said: string) => said,
    notReadable: (said: string) => said,
    denied: (said: string) =>
      `The browser did not allow it (${said}). Allow it for this address in the browser’s settings, or use a file.`,
    unexpected: (said: string) =>
      `Something unexpected happened: ${said} Try again; what the server prints tells more.`,
  },
  photo,
  translate,
  talk,
  chat,
  train,
  learn,
};

/** The page's words; every language has all of them. */
export type Dictionary = typeof en;
