import { type ComponentType, lazy, Suspense, useEffect, useState } from "react";
import {
  Button,
  I18nProvider,
  type Key,
  Tab,
  TabList,
  TabPanel,
  Tabs,
} from "react-aria-components";
import { ApiError } from "./api/client.ts";
import { type Dictionary, dictionaries, TextContext } from "./i18n/index.ts";
import { Boundary } from "./kit/boundary.tsx";
import { Icon } from "./kit/icon.tsx";
import { nextTheme, usePreferences } from "./preferences.ts";
import { useHash } from "./routing.ts";

/** A part of the page, which is fetched when it is opened; it may not arrive, as any answer of the server. */
function part(load: () => Promise<{ default: ComponentType }>) {
  return lazy(() =>
    load().catch((cause: unknown) => {
      throw new ApiError(String(cause), 0);
    }),
  );
}

const tabs = {
  photo: part(() => import("./tabs/photo/photo-tab.tsx")),
  translate: part(() => import("./tabs/translate/translate-tab.tsx")),
  talk: part(() => import("./tabs/talk/talk-tab.tsx")),
  chat: part(() => import("./tabs/chat/chat-tab.tsx")),
  train: part(() => import("./tabs/train/train-tab.tsx")),
  learn: part(() => import("./tabs/learn/learn-tab.tsx")),
} satisfies Record<string, ComponentType>;
type TabName = keyof typeof tabs;
const names = Object.keys(tabs).filter(isTab);

/** The page: its tabs, of which the address names one (`#/photo`), in the language and theme chosen. */
export function App() {
  const [hash, setHash] = useHash();
  const { theme, language, choose } = usePreferences();
  const text = dictionaries[language];
  const first = hash.split("/")[0] ?? "";
  const selected = isTab(first) ? first : "photo";
  const opened = useOpened(selected);

  useEffect(() => {
    document.title = `${text.tabs[selected]} · Attend`;
  }, [text, selected]);

  return (
    <I18nProvider locale={language}>
      <TextContext value={text}>
        <Tabs
          className="shell"
          selectedKey={selected}
          onSelectionChange={(key: Key) => setHash(String(key))}
        >
          <header className="top">
            <span className="brand">
              <img src="/icon.svg" alt="" />
              Attend
            </span>
            <TabList className="tabs" aria-label={text.tabs.label}>
              {names.map((name) => (
                <Tab key={name} id={name} className="tab">
                  <Icon name={name} />
                  {text.tabs[name]}
                </Tab>
              ))}
            </TabList>
            <Button
              className="button plain"
              onPress={() => choose({ language: language === "en" ? "zh" : "en" })}
              aria-label={text.settings.otherLanguage}
            >
              {language === "en" ? "中文" : "EN"}
            </Button>
            <Button
              className="button plain"
              onPress={() => choose({ theme: nextTheme(theme) })}
              aria-label={text.settings.theme[theme]}
            >
              <Icon name={theme} />
            </Button>
          </header>
          <main>
            {names.map((name) => (
              // What has been opened stays, so that no result is lost on the way to another tab.
              <TabPanel key={name} id={name} className="panel" shouldForceMount={opened.has(name)}>
                <TabContent name={name} text={text} />
              </TabPanel>
            ))}
          </main>
        </Tabs>
      </TextContext>
    </I18nProvider>
  );
}

function TabContent({ name, text }: { name: TabName; text: Dictionary }) {
  const Content = tabs[name];
  return (
    <Boundary>
      <Suspense fallback={<p className="muted">{text.loading}</p>}>
        <Content />
      </Suspense>
    </Boundary>
  );
}

/** Every tab that was selected since the page was loaded. */
function useOpened(selected: TabName): ReadonlySet<TabName> {
  const [opened, setOpened] = useState<ReadonlySet<TabName>>(new Set([selected]));
  if (!opened.has(selected)) setOpened(new Set([...opened, selected]));
  return opened;
}

function isTab(name: string): name is TabName {
  return Object.hasOwn(tabs, name);
}
