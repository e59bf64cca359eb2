import { z } from "zod";
import { toLocalInput } from "@/lib/format";
import type { Entry, Field, Values } from "@/lib/resource";

/** Between a record and the inputs of a form: every input holds text, except checkboxes and lists of records. */

type FormValue = string | boolean | string[];
export type FormValues = { [name: string]: FormValue };

const NUMERIC = new Set(["integer", "number", "money"]);

export function initialValues(fields: Field[], record?: Entry, initial: Values = {}): FormValues {
  return Object.fromEntries(fields.map((field) => [field.name, toInput(field, record ? record[field.name] : (initial[field.name] ?? field.initial))]));
}

function toInput(field: Field, value: unknown): FormValue {
  if (field.type === "boolean") return value === true;
  if (field.type === "references") return Array.isArray(value) ? value : [];
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.join(", ");
  if (field.type === "datetime") return toLocalInput(String(value));
  if (field.type === "time") return String(value).slice(0, 5);
  return String(value);
}

export function toBody(fields: Field[], values: FormValues): Values {
  return Object.fromEntries(fields.map((field) => [field.name, fromInput(field, values[field.name])]));
}

function fromInput(field: Field, value: FormValue | undefined): unknown {
  if (field.type === "boolean") return value === true;
  if (field.type === "references") return Array.isArray(value) ? value : [];
  const text = String(value ?? "");
  if (field.type === "tags") return splitTags(text);
  if (text.trim() === "") return field.nullable || NUMERIC.has(field.type) || field.type === "reference" ? null : "";
  if (NUMERIC.has(field.type)) return Number(text);
  if (field.type === "datetime") return new Date(text).toISOString();
  return text;
}

function splitTags(text: string): string[] {
  return text.split(",").map((tag) => tag.trim()).filter(Boolean);
}

/** The checks that need no server; their sentences are shown below the input. */
export function formSchema(fields: Field[]): z.ZodType<FormValues, FormValues> {
  const shape = Object.fromEntries(fields.map((field) => [field.name, inputSchema(field)]));
  return z.object(shape) as unknown as z.ZodType<FormValues, FormValues>;
}

function inputSchema(field: Field): z.ZodType {
  if (field.type === "boolean") return z.boolean();
  if (field.type === "references") return z.array(z.string());
  return z.string().superRefine((text, context) => {
    const message = complaint(field, text.trim());
    if (message) context.addIssue({ code: "custom", message });
  });
}

function complaint(field: Field, text: string): string | null {
  if (text === "") return field.required || (field.initial !== undefined && !field.nullable && field.type !== "string" && field.type !== "text") ? `${field.label} is required.` : null;
  if (NUMERIC.has(field.type)) return numberComplaint(field, Number(text));
  if (field.type === "email" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return `${field.label} must be an e-mail address.`;
  if (field.type === "url" && !/^https?:\/\/\S+$/.test(text)) return `${field.label} must be a web address such as https://example.com.`;
  if (field.type === "string" && text.length > 300) return `${field.label} can have at most 300 characters.`;
  return null;
}

function numberComplaint(field: Field, value: number): string | null {
  if (!Number.isFinite(value)) return `${field.label} must be a number.`;
  if (field.type === "integer" && !Number.isInteger(value)) return `${field.label} must be a whole number.`;
  if (field.type === "money" && Math.round(value * 100) / 100 !== value) return `${field.label} can have at most two decimals.`;
  if (field.minimum !== undefined && value < field.minimum) return `${field.label} must be at least ${field.minimum}.`;
  if (field.maximum !== undefined && value > field.maximum) return `${field.label} must be at most ${field.maximum}.`;
  return null;
}
