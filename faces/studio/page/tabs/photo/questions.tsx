import { maxLengths } from "@attend/serve/inputs";
import type { Answer, Answers } from "@attend/serve/schemas";
import { type FormEvent, useState } from "react";
import { Button } from "react-aria-components";
import { askJson, formOf } from "../../api/client.ts";
import { useText } from "../../i18n/index.ts";
import { Busy } from "../../kit/busy.tsx";
import { Chance } from "../../kit/chance.tsx";
import { Notice } from "../../kit/notice.tsx";
import { useTask } from "../../kit/use-task.ts";
import type { Region } from "./lit-photo.tsx";

export interface QuestionsProps {
  readonly photo: File;
  readonly onRegion: (region: Region | undefined) => void;
}

/** Questions about the photo, with their answers, the latest first. */
export function Questions({ photo, onRegion }: QuestionsProps) {
  const text = useText();
  const [question, setQuestion] = useState("");
  const [answered, setAnswered] = useState<readonly Answer[]>([]);
  const { run, cancel, isRunning, error } = useTask<void>();

  const send = () =>
    run(async (signal) => {
      const { answers } = await askJson<Answers>("answers", {
        body: formOf({ image: photo, question: question.trim() }),
        query: { attention: true, alternatives: 3 },
        signal,
      });
      setAnswered((before) => [...answers, ...before]);
      setQuestion("");
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (question.trim() !== "") send();
  };

  return (
    <section className="card stack" aria-label={text.photo.questions}>
      <h2>{text.photo.questions}</h2>
      <form className="ask" onSubmit={submit}>
        <input
          className="input"
          aria-label={text.photo.question}
          placeholder={text.photo.questionExample}
          value={question}
          maxLength={maxLengths.question}
          onChange={({ target }) => setQuestion(target.value)}
        />
        <Button className="button primary" type="submit" isDisabled={question.trim() === ""}>
          {text.photo.ask}
        </Button>
      </form>
      {isRunning && <Busy label={text.photo.answering} onCancel={cancel} />}
      <Notice error={error} onRetry={send} />
      <ol className="stack" aria-live="polite">
        {answered.map((answer, i) => (
          <AnswerItem key={answered.length - i} answer={answer} onRegion={onRegion} />
        ))}
      </ol>
    </section>
  );
}

function AnswerItem({ answer, onRegion }: { answer: Answer } & Pick<QuestionsProps, "onRegion">) {
  const text = useText();
  const light = (hop: number) => {
    const weights = answer.hops?.[hop];
    onRegion(weights && { label: text.photo.hopOf(hop + 1, answer.answer), weights });
  };
  return (
    <li className="answer stack tight">
      <span className="muted small" lang="en">
        {answer.question}
      </span>
      <div className="buttons">
        <strong className="big" lang="en">
          {answer.answer}
        </strong>
        <Chance value={answer.probability} />
        {!answer.confident && <span className="muted small">{text.photo.unsure}</span>}
      </div>
      {answer.warning && <p className="muted small">{answer.warning}</p>}
      {answer.alternatives.length > 0 && (
        <p className="muted small" lang="en">
          {answer.alternatives
            .map((other) => `${other.answer} ${text.percent(other.probability)}`)
            .join(" · ")}
        </p>
      )}
      {answer.hops && (
        <div className="buttons">
          {answer.hops.map((_, hop) => (
            <Button
              key={hop}
              className="button plain hop"
              onHoverStart={() => light(hop)}
              onHoverEnd={() => onRegion(undefined)}
              onFocus={() => light(hop)}
              onPress={() => light(hop)}
            >
              {text.photo.hop(hop + 1)}
            </Button>
          ))}
        </div>
      )}
    </li>
  );
}
