import type { Training, TrainingRequest } from "@attend/serve/schemas";
import { type FormEvent, useState } from "react";
import { Button } from "react-aria-components";
import { askJson } from "../../api/client.ts";
import { useText } from "../../i18n/index.ts";
import { Choice } from "../../kit/choice.tsx";
import { Field } from "../../kit/field.tsx";
import { Notice } from "../../kit/notice.tsx";
import { useTask } from "../../kit/use-task.ts";

/** What each kind is trained on: files and folders of this machine, then options. */
const inputs = {
  caption: { data: ["images", "captions"], options: [] },
  translate: { data: ["pairs"], options: ["from", "to"] },
  vqa: { data: ["images", "questions"], options: [] },
  chat: { data: ["faq"], options: [] },
} as const satisfies Record<TrainingRequest["kind"], object>;
const kinds = ["caption", "translate", "vqa", "chat"] as const;

/** Starts a training. */
export function TrainingForm({ onStart }: { onStart: (training: Training) => void }) {
  const { train } = useText();
  const [kind, setKind] = useState<TrainingRequest["kind"]>("chat");
  const { run, isRunning, error } = useTask<void>();

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const filled = (names: readonly string[]) =>
      Object.fromEntries(
        names.flatMap((name) => {
          const value = String(form.get(name) ?? "").trim();
          return value === "" ? [] : [[name, value]];
        }),
      );
    const body: TrainingRequest = {
      kind,
      name: String(form.get("name")).trim(),
      data: filled([...inputs[kind].data, "config"]),
      options: { minutes: Number(form.get("minutes")), ...filled(inputs[kind].options) },
    };
    run(async (signal) => onStart(await askJson<Training>("trainings", { body, signal })));
  };

  return (
    <form className="card stack" onSubmit={submit} aria-label={train.start}>
      <h2>{train.start}</h2>
      <Choice
        label={train.kind}
        options={kinds.map((value) => ({ value, label: train.kinds[value] }))}
        value={kind}
        onChange={setKind}
      />
      <Field
        name="name"
        label={train.name}
        pattern="[A-Za-z0-9_][A-Za-z0-9_.\-]{0,63}"
        description={train.nameHelp}
      />
      {inputs[kind].data.map((name) => (
        <Field key={name} name={name} label={train.data[name]} description={train.dataHelp[name]} />
      ))}
      {inputs[kind].options.map((name) => (
        <Field
          key={name}
          name={name}
          label={train.options[name]}
          usual={name === "from" ? "en" : "de"}
        />
      ))}
      <Field name="minutes" type="number" label={train.minutes} usual="10" />
      <Field name="config" label={train.config} description={train.configHelp} isOptional />
      <Notice error={error} />
      <Button className="button primary" type="submit" isDisabled={isRunning}>
        {train.go}
      </Button>
    </form>
  );
}
