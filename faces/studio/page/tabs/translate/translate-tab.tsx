import "./translate.css";
import { maxLengths } from "@attend/serve/inputs";
import type { Translation, Translations } from "@attend/serve/schemas";
import { type FormEvent, useState } from "react";
import { Button } from "react-aria-components";
import { askJson } from "../../api/client.ts";
import { useText } from "../../i18n/index.ts";
import { AlignedWords } from "../../kit/aligned-words.tsx";
import { Busy } from "../../kit/busy.tsx";
import { Choice } from "../../kit/choice.tsx";
import { Notice } from "../../kit/notice.tsx";
import { TabPage } from "../../kit/tab-page.tsx";
import { useTask } from "../../kit/use-task.ts";
import { useTranslators } from "../../kit/use-translators.ts";
import { TranslationCard } from "./translation-card.tsx";

/** A model's translation of what was sent. */
interface Translated {
  readonly model: string;
  readonly from: string;
  readonly to: string;
  readonly translation: Translation;
}

/** Text by one model or by two, with the attention between the words. */
export default function TranslateTab() {
  const text = useText();
  const { translators, error: unlisted, refresh } = useTranslators();
  const [first, setFirst] = useState("translator-en-de");
  const [second, setSecond] = useState("");
  const [source, setSource] = useState("");
  const { run, cancel, isRunning, result, error } = useTask<readonly Translated[]>();

  const from = translators.find(({ name }) => name === first)?.from;
  const others = translators.filter((each) => each.from === from && each.name !== first);
  const models = [first, ...others.flatMap(({ name }) => (name === second ? [name] : []))];

  const send = (words: string) =>
    run((signal) => Promise.all(models.map((model) => translateBy(model, words, signal))));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (source.trim() !== "") send(source);
  };
  const options = translators.map(({ name, label }) => ({ value: name, label }));

  return (
    <TabPage title={text.translate.title} lead={text.translate.lead}>
      <Notice error={unlisted} onRetry={refresh} />
      <div className="columns">
        <form className="card stack" onSubmit={submit}>
          <div className="two-fields">
            <Choice
              label={text.translate.model}
              options={options}
              value={first}
              onChange={setFirst}
            />
            <Choice
              label={text.translate.second}
              options={[
                { value: "", label: text.translate.none },
                ...others.map(({ name, label }) => ({ value: name, label })),
              ]}
              value={models.length > 1 ? second : ""}
              onChange={setSecond}
            />
          </div>
          <textarea
            className="input source"
            lang={from}
            aria-label={text.translate.source}
            placeholder={text.translate.placeholder}
            value={source}
            maxLength={maxLengths.translation}
            onChange={({ target }) => setSource(target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
            }}
          />
          <div className="buttons">
            <Button className="button primary" type="submit" isDisabled={source.trim() === ""}>
              {text.translate.send}
            </Button>
            {source === "" && (
              <Button className="button plain" onPress={() => setSource(text.translate.example)}>
                {text.translate.tryExample}
              </Button>
            )}
          </div>
        </form>
        <div className="stack" aria-live="polite">
          {isRunning && <Busy label={text.translate.translating} onCancel={cancel} />}
          <Notice error={error} onRetry={() => send(source)} />
          {result?.map(({ model, to, translation }) => (
            <TranslationCard key={model} model={model} to={to} translation={translation} />
          ))}
          {!result && !isRunning && !error && (
            <p className="card muted empty">{text.translate.empty}</p>
          )}
        </div>
      </div>
      {result && (
        <div className={result.length > 1 ? "columns" : "stack"}>
          {result.map(({ model, from: language, to, translation }) => (
            <section
              key={model}
              className="card stack"
              aria-label={text.translate.attention(model)}
            >
              <h2>{text.translate.attention(model)}</h2>
              {translation.alignments?.map((alignment, i) => (
                <AlignedWords key={i} alignment={alignment} from={language} to={to} />
              ))}
            </section>
          ))}
        </div>
      )}
    </TabPage>
  );
}

async function translateBy(model: string, text: string, signal: AbortSignal): Promise<Translated> {
  const { translations, from, to } = await askJson<Translations>("translations", {
    body: { text, model, alternatives: 3, attention: true },
    signal,
  });
  const [translation] = translations;
  if (!translation) throw new Error("the server sent no translation");
  return { model, from, to, translation };
}
