import { Input, Select } from "@/components/ui/input";
import { type Field, fieldOf, type Query, type Resource } from "@/lib/resource";
import { ReferenceSelect } from "./reference-select";

interface FiltersProps {
  resource: Resource;
  values: Query;
  hidden?: string;
  onChange: (param: string, value: string) => void;
}

/** One control per filter of the resource; an empty control asks for nothing. */
export function Filters({ resource, values, hidden, onChange }: FiltersProps) {
  return resource.filters.map(({ field: name, params }) => {
    const field = fieldOf(resource, name);
    if (!field || name === hidden) return null;
    return params.map((param, index) => (
      <Filter
        key={param}
        field={field}
        edge={params.length > 1 ? (index === 0 ? "from" : "to") : undefined}
        value={String(values[param] ?? "")}
        onChange={(value) => onChange(param, value)}
      />
    ));
  });
}

interface FilterProps {
  field: Field;
  edge?: "from" | "to";
  value: string;
  onChange: (value: string) => void;
}

function Filter({ field, edge, value, onChange }: FilterProps) {
  const label = edge ? `${field.label} ${edge}` : field.label;
  if (field.type === "reference" || field.type === "references") {
    return (
      <div className="w-full sm:w-44">
        <ReferenceSelect
          field={field}
          emptyLabel={`${field.label}: all`}
          aria-label={`Filter by ${label}`}
          value={value}
          current={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
    );
  }
  if (field.type === "enum" || field.type === "boolean") {
    const choices = field.type === "enum" ? (field.choices ?? []).map((one) => [one, one]) : [["true", "Yes"], ["false", "No"]];
    return (
      <Select className="w-full sm:w-40" aria-label={`Filter by ${label}`} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{field.label}: all</option>
        {choices.map(([choice, text]) => (
          <option key={choice} value={choice}>
            {field.type === "boolean" ? `${field.label}: ${text.toLowerCase()}` : text}
          </option>
        ))}
      </Select>
    );
  }
  const isDay = field.type === "date" || field.type === "datetime";
  const isNumber = !isDay && edge !== undefined;
  return (
    <label className="col-span-2 flex h-9 items-center gap-2 text-xs whitespace-nowrap text-muted-foreground">
      {(isDay || isNumber) && label}
      <Input
        className={isDay ? "w-36" : isNumber ? "w-24" : "w-full sm:w-40"}
        type={isDay ? "date" : isNumber ? "number" : "text"}
        aria-label={`Filter by ${label}`}
        placeholder={isDay || isNumber ? undefined : field.label}
        value={shownDay(field, value)}
        onChange={(event) => onChange(asked(field, edge, event.target.value))}
      />
    </label>
  );
}

/** A day chosen for a moment means its first, or its last, millisecond here. */
function asked(field: Field, edge: FilterProps["edge"], value: string): string {
  if (field.type !== "datetime" || value === "") return value;
  return new Date(`${value}T${edge === "to" ? "23:59:59.999" : "00:00:00"}`).toISOString();
}

function shownDay(field: Field, value: string): string {
  if (field.type !== "datetime" || value === "") return value;
  const moment = new Date(value);
  const pad = (part: number) => String(part).padStart(2, "0");
  return `${moment.getFullYear()}-${pad(moment.getMonth() + 1)}-${pad(moment.getDate())}`;
}
