import "./talk.css";
import type { InterpretationEvents } from "@attend/serve/schemas";
import { useCallback, useState } from "react";
import { Button, Switch } from "react-aria-components";
import exampleSpeech from "../../../../../examples/speech/LJ001-0013.wav";
import { formOf } from "../../api/client.ts";
import { streamOf } from "../../api/events.ts";
import { useText } from "../../i18n/index.ts";
import { Busy } from "../../kit/busy.tsx";
import { Choice } from "../../kit/choice.tsx";
import { download } from "../../kit/download.ts";
import { Notice } from "../../kit/notice.tsx";
import { TabPage } from "../../kit/tab-page.tsx";
import { Upload } from "../../kit/upload.tsx";
import { useTask } from "../../kit/use-task.ts";
import { useTranslators } from "../../kit/use-translators.ts";
import { Microphone } from "./microphone.tsx";
import { SentenceItem } from "./sentence-item.tsx";
import { nothingYet, subtitlesOf, understand } from "./sentences.ts";
import { hear, play, type Sound } from "./sound.ts";
import { WaveForm } from "./wave-form.tsx";

const soundTypes = ["audio/*"];

/** Speech to text to a translation to speech, each stage as it happens. */
export default function TalkTab() {
  const text = useText();
  const { translators, error: unlisted, refresh } = useTranslators();
  const [direction, setDirection] = useState("en-ja");
  const [isSpoken, setSpoken] = useState(true);
  const [recording, setRecording] = useState<File>();
  const [sound, setSound] = useState<Sound>();
  const [understood, setUnderstood] = useState(nothingYet);
  const [microphoneError, setMicrophoneError] = useState<unknown>();
  const interpreting = useTask<void>();
  const playing = useTask<void>();

  const directions = [
    ...new Map(
      translators.flatMap(({ from, to, label }) =>
        from && to ? [[`${from}-${to}`, { value: `${from}-${to}`, label }] as const] : [],
      ),
    ).values(),
  ];
  const [from = "en", to = "ja"] = direction.split("-");
  const interpret = (file: File) => {
    setRecording(file);
    setSound(undefined);
    setUnderstood(nothingYet);
    setMicrophoneError(undefined);
    // A format that only the server reads has no wave form.
    hear(file).then(setSound, () => undefined);
    interpreting.run(async (signal) => {
      const query = { from, to, speak: isSpoken };
      const events = streamOf<InterpretationEvents>("interpretations", {
        body: formOf({ audio: file }),
        query,
        signal,
      });
      for await (const event of events) setUnderstood((before) => understand(before, event));
    });
  };
  // These are all that it reads.
  const onFile = useCallback(interpret, [from, to, isSpoken]);
  const takeExample = async () => {
    const response = await fetch(exampleSpeech);
    interpret(new File([await response.blob()], "example.wav", { type: "audio/wav" }));
  };
  const wavs = understood.sentences.flatMap(({ spoken }) => (spoken ? [spoken.wav] : []));
  const playAll = (all: readonly string[]) =>
    playing.run(async (signal) => {
      for (const wav of all) if (!signal.aborted) await play(wav, signal);
    });

  return (
    <TabPage title={text.talk.title} lead={text.talk.lead}>
      <Notice error={unlisted} onRetry={refresh} />
      <div className="talk-options">
        <Choice
          label={text.talk.direction}
          options={directions}
          value={direction}
          onChange={setDirection}
        />
        <Switch className="switch" isSelected={isSpoken} onChange={setSpoken}>
          <span className="track" />
          {text.talk.speak}
        </Switch>
      </div>
      <Upload
        accept={soundTypes}
        icon="talk"
        label={text.talk.drop}
        choose={text.talk.choose}
        onFile={onFile}
      >
        <Microphone onRecording={interpret} onError={setMicrophoneError} />
        <Button className="button plain" onPress={() => void takeExample()}>
          {text.talk.example}
        </Button>
      </Upload>
      <Notice error={microphoneError} />
      {recording && (
        <section className="card stack heard" aria-label={text.talk.result} ref={show}>
          {sound && <WaveForm sound={sound} stretches={understood.stretches} />}
          {interpreting.isRunning && (
            <Busy label={text.talk.listening} onCancel={interpreting.cancel} />
          )}
          <Notice error={interpreting.error} onRetry={() => interpret(recording)} />
          <ol className="stack" aria-live="polite">
            {understood.sentences.map((sentence) => (
              <SentenceItem
                key={sentence.start}
                sentence={sentence}
                from={from}
                to={to}
                onPlay={(wav) => playAll([wav])}
              />
            ))}
          </ol>
          {understood.engines && understood.sentences.length === 0 && (
            <p className="muted">{text.talk.silence}</p>
          )}
          <Notice error={playing.error} />
          {understood.engines && (
            <div className="buttons">
              {wavs.length > 0 &&
                (playing.isRunning ? (
                  <Button className="button" onPress={playing.cancel}>
                    {text.talk.silenceIt}
                  </Button>
                ) : (
                  <Button className="button primary" onPress={() => playAll(wavs)}>
                    {text.talk.playAll}
                  </Button>
                ))}
              {understood.sentences.length > 0 && (
                <Button
                  className="button"
                  onPress={() => download("subtitles.vtt", "text/vtt", subtitlesOf(understood))}
                >
                  {text.talk.subtitles}
                </Button>
              )}
              <span className="muted small">{Object.values(understood.engines).join(" · ")}</span>
            </div>
          )}
        </section>
      )}
    </TabPage>
  );
}

/** On a narrow screen, what is heard is below what was pressed. */
function show(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}
