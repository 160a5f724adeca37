import type { AboutFigure, FigureData, FigureName } from "@attend/serve/schemas";
import { type FormEvent, useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { ApiError } from "../../api/client.ts";
import { streamOf } from "../../api/events.ts";
import { useText } from "../../i18n/index.ts";
import { Busy } from "../../kit/busy.tsx";
import { Field } from "../../kit/field.tsx";
import { Notice } from "../../kit/notice.tsx";
import { useTask } from "../../kit/use-task.ts";
import { Wide } from "../../kit/wide.tsx";
import { Equation } from "./equation.tsx";
import { type FigureField, figures } from "./figures.ts";

type Computed<Name extends FigureName> = AboutFigure & { readonly data: FigureData<Name> };

interface Computing<Name extends FigureName> {
  readonly progress: { readonly done: number; readonly total: number };
  readonly figure: Computed<Name>;
}

/** A figure: what it is about, what may be changed, the picture, its equation, paper and file. */
export function FigurePage<Name extends FigureName>({ name }: { name: Name }) {
  const { learn } = useText();
  const { fields, Picture } = figures[name];
  const { run, cancel, isRunning, result, error } = useTask<Computed<Name>>();
  const [done, setDone] = useState<number>();
  const compute = (body: object) => {
    setDone(undefined);
    run(async (signal) => {
      for await (const said of streamOf<Computing<Name>>(`figures/${name}`, { body, signal })) {
        if (said.event === "figure") return said.data;
        setDone(said.data.done / said.data.total);
      }
      throw new ApiError("the figure broke off", 0);
    });
  };
  // A figure is computed as soon as it is opened.
  useEffect(() => {
    compute(usualInput(fields));
  }, []);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    compute(Object.fromEntries(fields.map((field) => [field.name, readField(field, form)])));
  };
  return (
    <article className="card stack figure" aria-labelledby="figure-title">
      <div>
        <h2 id="figure-title">{learn.about[name].title}</h2>
        <p className="lead">{learn.about[name].text}</p>
      </div>
      <form className="figure-form" onSubmit={submit}>
        {fields.map((field) => (
          <Field
            key={field.name}
            name={field.name}
            label={learn.fields[field.name]}
            usual={String(field.usual)}
            {...("min" in field
              ? { type: "number", min: field.min, max: field.max, step: field.step ?? 1 }
              : { maxLength: field.maxLength })}
          />
        ))}
        <Button className="button primary" type="submit">
          {learn.compute}
        </Button>
      </form>
      {isRunning && <Busy label={learn.computing} done={done} onCancel={cancel} />}
      <Notice error={error} />
      {result && (
        <>
          <Picture data={result.data} />
          <Wide label={learn.equation}>
            <Equation tex={result.equation} />
          </Wide>
          <p className="small muted source-line">
            <a href={result.paper.url} target="_blank" rel="noreferrer">
              {result.paper.title}
            </a>
            <code>{result.file}</code>
          </p>
        </>
      )}
    </article>
  );
}

function usualInput(fields: readonly FigureField[]): object {
  return Object.fromEntries(fields.map(({ name, usual }) => [name, usual]));
}

function readField(field: FigureField, form: FormData): string | number {
  const value = String(form.get(field.name));
  return typeof field.usual === "number" ? Number(value) : value;
}
