import { figureInputs, type NumberInput, type TextInput } from "@attend/serve/inputs";
import type { AboutFigure, FigureData, FigureName } from "@attend/serve/schemas";
import { type ComponentType, type FormEvent, useEffect, useRef, useState } from "react";
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
import { pictures } from "./figures.ts";

type Computed<Name extends FigureName> = AboutFigure & { readonly data: FigureData<Name> };

interface Computing<Name extends FigureName> {
  readonly progress: { readonly done: number; readonly total: number };
  readonly figure: Computed<Name>;
}

/** A figure: what it is about, what may be changed, the picture, its equation, paper and file. */
export function FigurePage<Name extends FigureName>({ name }: { name: Name }) {
  const { learn } = useText();
  const Picture: ComponentType<{ readonly data: FigureData<Name> }> = pictures[name];
  const labels: Readonly<Record<string, string>> = learn.fields;
  const inputs = Object.entries<NumberInput | TextInput>(figureInputs[name]);
  // Without a label, it is not for the reader, such as a seed.
  const fields = inputs.flatMap(([field, input]) => {
    const label = labels[field];
    return label === undefined ? [] : [{ name: field, label, input }];
  });
  const { run, cancel, isRunning, result, error } = useTask<Computed<Name>>();
  const [done, setDone] = useState<number>();
  const asked = useRef<object>({});
  const compute = (body: object) => {
    asked.current = body;
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
    compute({});
  }, []);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const values = fields.map(({ name, input }) => {
      const value = String(form.get(name));
      return [name, isNumber(input) ? Number(value) : value];
    });
    compute(Object.fromEntries(values));
  };
  return (
    <article className="card stack figure" aria-labelledby="figure-title">
      <div>
        <h2 id="figure-title">{learn.about[name].title}</h2>
        <p className="lead">{learn.about[name].text}</p>
      </div>
      <form className="figure-form" onSubmit={submit}>
        {fields.map(({ input, ...field }) => (
          <Field
            key={field.name}
            {...field}
            {...(isNumber(input) ? { type: "number", step: 1, ...input } : input)}
            usual={String(input.usual)}
          />
        ))}
        <Button className="button primary" type="submit">
          {learn.compute}
        </Button>
      </form>
      {isRunning && <Busy label={learn.computing} done={done} onCancel={cancel} />}
      <Notice error={error} onRetry={() => compute(asked.current)} />
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

function isNumber(input: NumberInput | TextInput): input is NumberInput {
  return "min" in input;
}
