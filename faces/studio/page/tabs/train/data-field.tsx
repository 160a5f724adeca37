import { Button, FileTrigger } from "react-aria-components";
import { useText } from "../../i18n/index.ts";
import { Field, type FieldProps } from "../../kit/field.tsx";
import { type Chosen, chosenIn } from "./chosen.ts";

export interface DataFieldProps
  extends Pick<FieldProps, "name" | "label" | "description" | "isOptional"> {
  readonly chosen: Chosen | undefined;
  readonly onChoose: (chosen: Chosen | undefined) => void;
  /** Whether a folder is wanted. */
  readonly isFolder: boolean;
}

/** A file or folder for a training: its path on the server's machine, or one that is chosen, to be sent. */
export function DataField({ chosen, onChoose, isFolder, ...field }: DataFieldProps) {
  const { train } = useText();
  const { label } = field;
  if (chosen !== undefined) {
    return (
      <div className="data-field">
        <div className="field">
          <span className="label">{label}</span>
          <span className="chosen">{train.chosen(chosen.name, sizeOf(chosen))}</span>
        </div>
        <Button
          className="button"
          aria-label={train.forget(label)}
          onPress={() => onChoose(undefined)}
        >
          {train.remove}
        </Button>
      </div>
    );
  }
  return (
    <div className="data-field">
      <Field {...field} />
      <FileTrigger
        acceptDirectory={isFolder}
        onSelect={(files) => {
          const found = chosenIn(files);
          if (found) onChoose(found);
        }}
      >
        <Button className="button" aria-label={train.chooseFor(label)}>
          {train.choose}
        </Button>
      </FileTrigger>
    </div>
  );
}

function sizeOf({ files }: Chosen) {
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  return { files: files.length, bytes };
}
