import type { ComponentProps } from "react";
import { Checkbox, Input, Select, Textarea } from "@/components/ui/input";
import { nowInput } from "@/lib/format";
import type { Field } from "@/lib/resource";
import { ReferenceSelect } from "./reference-select";

const INPUT_TYPES: Partial<Record<Field["type"], string>> = {
  date: "date",
  datetime: "datetime-local",
  time: "time",
  email: "email",
  phone: "tel",
};
const NUMERIC = new Set(["integer", "number", "money"]);

interface FieldInputProps {
  id: string;
  field: Field;
  error?: string;
  current?: string;
  currentTitle?: string;
  control: ComponentProps<"input"> & ComponentProps<"select"> & ComponentProps<"textarea">;
}

/** Label, input, hint and complaint of one field. `control` is what `register` returned. */
export function FieldInput({ id, field, error, current, currentTitle, control }: FieldInputProps) {
  const messageId = `${id}-message`;
  const hint = field.type === "tags" ? "Separate several with commas." : undefined;
  const shared = {
    ...control,
    id,
    "aria-invalid": error ? true : undefined,
    "aria-required": field.required || undefined,
    "aria-describedby": error || hint ? messageId : undefined,
  };
  if (field.type === "boolean") {
    return (
      <div className="flex items-center gap-2.5 py-1">
        <Checkbox {...shared} />
        <label htmlFor={id} className="text-sm font-medium">
          {field.label}
        </label>
      </div>
    );
  }
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {field.label}
        {field.unit && <span className="font-normal text-muted-foreground"> ({field.unit})</span>}
        {field.required && (
          <span aria-hidden className="text-danger">
            {" "}
            *
          </span>
        )}
      </label>
      {controlOf(field, shared, current, currentTitle)}
      {(error || hint) && (
        <p id={messageId} role={error ? "alert" : undefined} className={error ? "text-sm text-danger" : "text-xs text-muted-foreground"}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

function controlOf(field: Field, shared: FieldInputProps["control"], current?: string, currentTitle?: string) {
  switch (field.type) {
    case "text":
      return <Textarea rows={4} {...shared} />;
    case "enum":
      return (
        <Select {...shared}>
          {(field.nullable || field.initial === undefined) && <option value="">{field.nullable ? "None" : "Choose…"}</option>}
          {field.choices?.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </Select>
      );
    case "reference":
      return <ReferenceSelect field={field} current={current} currentTitle={currentTitle} {...shared} />;
    default:
      return (
        <Input
          type={INPUT_TYPES[field.type] ?? "text"}
          inputMode={field.type === "integer" ? "numeric" : NUMERIC.has(field.type) ? "decimal" : field.type === "url" ? "url" : undefined}
          autoComplete="off"
          {...limitsOf(field)}
          {...shared}
        />
      );
  }
}

/** What the picker offers; the server decides. */
function limitsOf(field: Field): { min?: string; max?: string } {
  if (!field.time) return {};
  const now = nowInput(field.type);
  return field.time === "not_past" ? { min: now } : { max: now };
}
