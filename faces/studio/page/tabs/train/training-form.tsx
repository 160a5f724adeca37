import type { Training, TrainingRequest } from "@attend/serve/schemas";
import { type FormEvent, useState } from "react";
import { Button, type DropItem, DropZone } from "react-aria-components";
import { askJson } from "../../api/client.ts";
import { useText } from "../../i18n/index.ts";
import { Busy } from "../../kit/busy.tsx";
import { Choice } from "../../kit/choice.tsx";
import { Field } from "../../kit/field.tsx";
import { Notice } from "../../kit/notice.tsx";
import { useTask } from "../../kit/use-task.ts";
import { type Chosen, chosenFrom } from "./chosen.ts";
import { DataField } from "./data-field.tsx";
import { uploadData } from "./upload-data.ts";

/** What each kind is trained on: files and folders, then options. */
const inputs = {
  caption: { data: ["images", "captions"], options: [] },
  translate: { data: ["pairs"], options: ["from", "to"] },
  vqa: { data: ["images", "questions"], options: [] },
  chat: { data: ["faq"], options: [] },
} as const satisfies Record<TrainingRequest["kind"], object>;
/** Those that are folders. */
const folders: readonly string[] = ["images"];
const kinds = ["caption", "translate", "vqa", "chat"] as const;

/** Starts a training. */
export function TrainingForm({ onStart }: { onStart: (training: Training) => void }) {
  const { train } = useText();
  const [kind, setKind] = useState<TrainingRequest["kind"]>("chat");
  const [chosen, setChosen] = useState<Readonly<Record<string, Chosen | undefined>>>({});
  const [arrived, setArrived] = useState(0);
  const { run, cancel, isRunning, error } = useTask<void>();
  const names = [...inputs[kind].data, "config"] as const;
  // Each is sent to a folder of its own.
  const toSend = names.flatMap((name) =>
    (chosen[name]?.files ?? []).map(({ path, file }) => ({ path: `${name}/${path}`, file })),
  );

  const choose = (name: string, found: Chosen | undefined) =>
    setChosen((before) => ({ ...before, [name]: found }));
  /** A folder is that of the photos, the first file has what is learned, and another is the configuration. */
  const take = async (items: readonly DropItem[]) => {
    const places = names.filter((name) => chosen[name] === undefined);
    for (const item of items) {
      const found = await chosenFrom(item);
      const place = places.findIndex((name) => folders.includes(name) === found?.isFolder);
      const [name] = place < 0 ? [] : places.splice(place, 1);
      if (name !== undefined) choose(name, found);
    }
  };

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
    const sent = names.flatMap((name) => {
      const { isFolder, files = [] } = chosen[name] ?? {};
      return files.length === 0 ? [] : [[name, isFolder ? name : `${name}/${files[0]?.path}`]];
    });
    const body: TrainingRequest = {
      kind,
      name: String(form.get("name")).trim(),
      data: { ...filled(names), ...Object.fromEntries(sent) },
      options: { minutes: Number(form.get("minutes")), ...filled(inputs[kind].options) },
    };
    setArrived(0);
    run(async (signal) => {
      await uploadData(body.name, toSend, { signal, onProgress: setArrived });
      onStart(await askJson<Training>("trainings", { body, signal }));
    });
  };

  const fieldOf = (name: (typeof names)[number]) => (
    <DataField
      key={name}
      name={name}
      label={train.data[name]}
      description={train.dataHelp[name]}
      isOptional={name === "config"}
      isFolder={folders.includes(name)}
      chosen={chosen[name]}
      onChoose={(found) => choose(name, found)}
    />
  );

  return (
    <DropZone
      className="card new-training"
      aria-label={train.drop}
      onDrop={({ items }) => void take(items)}
    >
      <form className="stack" onSubmit={submit} aria-label={train.start}>
        <div>
          <h2>{train.start}</h2>
          <p className="muted small">{train.drop}</p>
        </div>
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
        {inputs[kind].data.map(fieldOf)}
        {inputs[kind].options.map((name) => (
          <Field
            key={name}
            name={name}
            label={train.options[name]}
            usual={name === "from" ? "en" : "de"}
          />
        ))}
        <Field name="minutes" type="number" label={train.minutes} usual="10" />
        {fieldOf("config")}
        {isRunning && toSend.length > 0 && (
          <Busy
            label={train.sending(arrived, toSend.length)}
            done={arrived / toSend.length}
            onCancel={cancel}
          />
        )}
        <Notice error={error} />
        <Button className="button primary" type="submit" isDisabled={isRunning}>
          {train.go}
        </Button>
      </form>
    </DropZone>
  );
}
