import "./train.css";
import { useEffect, useRef, useState } from "react";
import { useText } from "../../i18n/index.ts";
import { Notice } from "../../kit/notice.tsx";
import { TabPage } from "../../kit/tab-page.tsx";
import { useHash } from "../../routing.ts";
import { TrainingForm } from "./training-form.tsx";
import { TrainingView } from "./training-view.tsx";
import { useTrainings } from "./use-trainings.ts";

/** Trainings: started, watched, stopped, resumed, deleted. The address names the one shown, so that it survives a reload. */
export default function TrainTab() {
  const text = useText();
  const [hash, setHash] = useHash();
  const [tab, shown = ""] = hash.split("/");
  const { trainings, error, refresh } = useTrainings(tab === "train");
  const [deleted, setDeleted] = useState<string>();
  useEffect(() => {
    if (shown !== "") setDeleted(undefined);
  }, [shown]);
  return (
    <TabPage title={text.train.title} lead={text.train.lead}>
      <Notice error={error} onRetry={refresh} />
      <div className="columns train-columns">
        {trainings && trainings.length > 0 && (
          <nav className="card stack tight" aria-label={text.train.trainings}>
            <h2>{text.train.trainings}</h2>
            <ul>
              {trainings.map(({ name, kind, state }) => (
                <li key={name}>
                  <a className="training" href={`#/train/${name}`} aria-current={name === shown}>
                    <span>{name}</span>
                    <span className="muted small">{text.train.kinds[kind]}</span>
                    <span className={`badge ${state}`}>{text.train.states[state]}</span>
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
        <div className="shown-training">
          {tab === "train" && shown !== "" ? (
            <TrainingView
              key={shown}
              name={shown}
              onChange={refresh}
              onDelete={() => {
                refresh();
                setDeleted(shown);
                setHash("train");
              }}
            />
          ) : (
            <div className="card muted empty">
              {deleted !== undefined && <Deleted name={deleted} />}
              <p>{text.train.empty}</p>
            </div>
          )}
        </div>
        <TrainingForm
          onStart={({ name }) => {
            refresh();
            setHash(`train/${name}`);
          }}
        />
      </div>
    </TabPage>
  );
}

/** Says so where the keyboard goes on, after the button that it pressed is gone. */
function Deleted({ name }: { name: string }) {
  const text = useText();
  const message = useRef<HTMLParagraphElement>(null);
  // An effect, since nothing outside a dialog can have the focus before the dialog's own effects have ended.
  useEffect(() => message.current?.focus(), []);
  return (
    <p tabIndex={-1} ref={message}>
      {text.train.deleted(name)}
    </p>
  );
}
