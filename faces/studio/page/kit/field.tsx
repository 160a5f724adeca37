import { Input, Label, Text, TextField } from "react-aria-components";

export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly description?: string;
  readonly type?: "text" | "number";
  readonly pattern?: string;
  readonly usual?: string;
}

/** A line of a form that must be filled in. */
export function Field({
  name,
  label,
  description,
  type = "text",
  pattern,
  usual = "",
}: FieldProps) {
  return (
    <TextField
      className="field"
      name={name}
      type={type}
      defaultValue={usual}
      isRequired
      validationBehavior="native"
      {...(pattern === undefined ? {} : { pattern })}
    >
      <Label>{label}</Label>
      <Input
        className="input"
        autoComplete="off"
        spellCheck={false}
        {...(type === "number" ? { min: 0.1, step: "any" } : {})}
      />
      {description && <Text slot="description">{description}</Text>}
    </TextField>
  );
}
