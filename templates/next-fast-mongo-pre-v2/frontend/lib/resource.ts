import type { LucideIcon } from "lucide-react";
import type { QueryValue, RequestOptions } from "./api/http";

/** What the record components need to know about one kind of record. */

export type FieldType =
  | "string"
  | "text"
  | "integer"
  | "number"
  | "money"
  | "boolean"
  | "date"
  | "datetime"
  | "time"
  | "email"
  | "url"
  | "phone"
  | "enum"
  | "tags"
  | "reference";

export interface Field {
  name: string;
  label: string;
  type: FieldType;
  required?: boolean;
  nullable?: boolean;
  computed?: boolean;
  choices?: string[];
  initial?: string | number | boolean;
  unit?: string;
  /** A year, a house number: digits that name something and are never grouped. */
  plain?: boolean;
  minimum?: number;
  maximum?: number;
  target?: () => Resource;
}

export type Values = { [key: string]: unknown };
export type Query = { [key: string]: QueryValue };

export type Entry = {
  id: string;
  created_at: string;
  updated_at: string;
  titles: { [key: string]: string };
  [key: string]: unknown;
};

export interface Page {
  items: Entry[];
  total: number;
  page: number;
  page_size: number;
}

/** Written as methods, so that the generated, exactly typed functions fit. */
interface Api {
  list(query?: Query, options?: RequestOptions): Promise<Page>;
  get(id: string, options?: RequestOptions): Promise<Entry>;
  create(body: Values): Promise<Entry>;
  update(id: string, body: Values): Promise<Entry>;
  remove(id: string): Promise<void>;
}

export interface Child {
  resource: Resource;
  field: string;
  param: string;
  part: boolean;
}

export interface Resource {
  slug: string;
  label: string;
  labelPlural: string;
  title: string;
  done?: string;
  quickAdd?: boolean;
  /** People see who added a record. */
  showsMaker?: boolean;
  searchable: boolean;
  fields: Field[];
  filters: { field: string; params: string[] }[];
  sorts: string[];
  children: () => Child[];
  api: Api;
}

export interface NavigationEntry {
  resource: Resource;
  icon: LucideIcon;
}

/** A label inside a sentence: "Task" -> "task", but "URL" stays. */
export function inSentence(label: string): string {
  const isAbbreviation = label.length > 1 && label[1] !== label[1].toLowerCase();
  return isAbbreviation ? label : label.charAt(0).toLowerCase() + label.slice(1);
}

export function fieldOf(resource: Resource, name: string): Field | undefined {
  return resource.fields.find((field) => field.name === name);
}
