import { Input, Label, Text, TextField } from "react-aria-components";

export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly description?: string;
  readonly type?: "text" | "number";
  readonly pattern?: string;
  readonly usual?: string;
  readonly isOptional?: boolean;
  /** Of a number. */
  readonly min?: number;
  readonly max?: number;
  readonly step?: number | "any";
  /** Of a text. */
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** A line of a form, which must be filled in unless it is optional. */
export function Field(props: FieldProps) {
  const { name, label, description, type = "text", pattern, usual = "" } = props;
  const { isOptional = false, minLength, maxLength, min = 0, max, step = "any" } = props;
  return (
    <TextField
      className="field"
      name={name}
      type={type}
      defaultValue={usual}
      isRequired={!isOptional}
      validationBehavior="native"
      {...(pattern === undefined ? {} : { pattern })}
    >
      <Label>{label}</Label>
      <Input
        className="input"
        autoComplete="off"
        spellCheck={false}
        minLength={minLength}
        maxLength={maxLength}
        {...(type === "number" ? { min, max, step } : {})}
      />
      {description && <Text slot="description">{description}</Text>}
    </TextField>
  );
}
