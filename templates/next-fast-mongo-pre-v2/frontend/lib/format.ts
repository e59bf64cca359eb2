import type { Entry, Field, Resource } from "./resource";

/** Values as people read them. Everything here runs in the browser only, in the reader's language. */

const EMPTY = "–";

export function formatDay(value: string): string {
  const [year, month, day] = value.split("-").map(Number);
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" }).format(
    new Date(Date.UTC(year, month - 1, day)),
  );
}

export function formatMoment(value: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(new Date(value));
}

export function formatNumber(field: Field, value: number): string {
  const digits = field.type === "money" ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : { maximumFractionDigits: 6 };
  const text = new Intl.NumberFormat(undefined, { ...digits, useGrouping: !field.plain }).format(value);
  return field.unit ? `${text}\u00a0${field.unit}` : text;
}

export function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

export function formatValue(field: Field, record: Entry): string {
  const value = record[field.name];
  if (isEmpty(value)) return EMPTY;
  if (field.type === "reference") return record.titles[field.name] ?? EMPTY;
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (typeof value === "number") return formatNumber(field, value);
  if (field.type === "references") return (value as string[]).map((id) => record.titles[id] ?? EMPTY).join(", ");
  if (Array.isArray(value)) return value.join(", ");
  if (field.type === "date") return formatDay(String(value));
  if (field.type === "datetime") return formatMoment(String(value));
  if (field.type === "time") return String(value).slice(0, 5);
  return String(value);
}

/** What names a record, never its id. */
export function titleOf(resource: Resource, record: Entry): string {
  const field = resource.fields.find((one) => one.name === resource.title);
  const text = field ? formatValue(field, record) : EMPTY;
  return text === EMPTY ? `Untitled` : text;
}

/** A moment as the value of a datetime-local input, in the reader's time zone. */
export function toLocalInput(value: string): string {
  const moment = new Date(value);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** This day or minute as the value of an input. */
export function nowInput(type: Field["type"]): string {
  return toLocalInput(new Date().toISOString()).slice(0, type === "date" ? 10 : 16);
}

export function readersZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
