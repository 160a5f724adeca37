import "../../kit/busy.css";
import type { Training } from "@attend/serve/schemas";
import { useState } from "react";
import { Button } from "react-aria-components";
import { askJson } from "../../api/client.ts";
import { useText } from "../../i18n/index.ts";
import { LineChart } from "../../kit/line-chart.tsx";
import { Notice } from "../../kit/notice.tsx";
import { useTask } from "../../kit/use-task.ts";
import { DeleteTraining } from "./delete-training.tsx";
import { useCourse } from "./use-course.ts";

export interface TrainingViewProps {
  readonly name: string;
  readonly onChange: () => void;
  readonly onDelete: () => void;
}

/** A training as it goes: progress, loss, metrics, examples; it can be stopped, resumed and deleted. */
export function TrainingView({ name, onChange, onDelete }: TrainingViewProps) {
  const text = useText();
  const [run, setRun] = useState(0);
  const { steps, validations, state, error } = useCourse(name, run);
  const acting = useTask<void>();
  const act = (what: "stop" | "resume") =>
    acting.run(async (signal) => {
      const path = `trainings/${encodeURIComponent(name)}/${what}`;
      await askJson<Training>(path, { method: "POST", signal });
      onChange();
      if (what === "resume") setRun((before) => before + 1);
    });

  const latest = validations.at(-1);
  const metrics = Object.keys(latest?.metrics ?? {});
  const losses = steps.map(({ step, loss }): [number, number] => [step, loss]);
  return (
    <section className="card stack" aria-label={name}>
      <div className="buttons">
        <h2 className="training-name">{name}</h2>
        {state && <span className={`badge ${state.state}`}>{text.train.states[state.state]}</span>}
        {(state?.state === "running" || state?.state === "waiting") && (
          <Button className="button" isDisabled={acting.isRunning} onPress={() => act("stop")}>
            {text.train.stop}
          </Button>
        )}
        {(state?.state === "stopped" || state?.state === "failed") && (
          <Button className="button" isDisabled={acting.isRunning} onPress={() => act("resume")}>
            {text.train.resume}
          </Button>
        )}
        {state && state.state !== "running" && <DeleteTraining name={name} onDelete={onDelete} />}
      </div>
      {state && <Progress state={state} />}
      {state?.message && state.state !== "stopped" && (
        <p className={`small log-line ${state.state}`}>{state.message}</p>
      )}
      <Notice error={error ?? acting.error} />
      {losses.length > 1 && (
        <LineChart
          label={text.train.lossAlt(losses.length, losses[0]?.[1] ?? 0, losses.at(-1)?.[1] ?? 0)}
          series={[{ name: text.train.loss, points: losses }]}
          xLabel={text.train.step}
          yLabel={text.train.loss}
        />
      )}
      {latest && (
        <dl className="metrics">
          {metrics.map((metric) => (
            <div key={metric}>
              <dt className="muted small">{metric}</dt>
              <dd className="number">{latest.metrics[metric]?.toPrecision(4) ?? "–"}</dd>
            </div>
          ))}
        </dl>
      )}
      {validations.length > 1 &&
        metrics.map((metric) => {
          const points = validations.map(({ step, metrics: measured }) => {
            return [step, measured[metric] ?? null] as const;
          });
          return (
            <LineChart
              key={metric}
              height={150}
              label={text.train.metricAlt(metric, points.at(-1)?.[1] ?? Number.NaN)}
              series={[{ name: metric, points }]}
              xLabel={text.train.step}
              yLabel={metric}
            />
          );
        })}
      {latest?.examples && latest.examples.length > 0 && (
        <div className="stack tight">
          <h3>{text.train.examples}</h3>
          <ul className="examples">
            {latest.examples.map((example) => (
              <li key={example.input}>
                <span className="muted small">{example.input}</span>
                <span>{example.output}</span>
                <span className="muted small">{text.train.expected(example.expected)}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function Progress({ state }: { state: Training }) {
  const { train } = useText();
  const { step, steps, epoch, secondsLeft } = state;
  return (
    <div className="stack tight">
      {steps !== undefined && (
        <progress className="progress" value={step} max={steps} aria-label={train.progress} />
      )}
      <p className="muted small number">
        {[
          train.stepOf(step, steps),
          epoch === undefined ? undefined : train.epoch(epoch),
          secondsLeft === undefined || state.state !== "running"
            ? undefined
            : train.left(secondsLeft),
        ]
          .filter((part) => part !== undefined)
          .join(" · ")}
      </p>
    </div>
  );
}
