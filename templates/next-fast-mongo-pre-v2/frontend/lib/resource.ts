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
  | "reference"
  | "references";

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
  /** A day or moment that lies on one side of now when it is entered. */
  time?: "not_past" | "not_future";
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

export interface ChartSpec {
  title: string;
  shape: "bars" | "line";
  period?: "day" | "week" | "month" | "year";
  of?: string;
}

export interface ChartData {
  bars: { label: string; value: number }[];
}

/** A part of the list that has a name of its own; its number is its place among them. */
export interface NamedListSpec {
  title: string;
  sort?: string;
  /** The page opens with it. */
  first?: boolean;
}

export interface CalendarSpec {
  start: string;
  end?: string;
  /** The date, where start and end are plain times. */
  day?: string;
  withTime: boolean;
  /** The list's parameters for the first and the last day. */
  params: string[];
}

/** Written as methods, so that the generated, exactly typed functions fit. */
interface Api {
  list(query?: Query, options?: RequestOptions): Promise<Page>;
  get(id: string, options?: RequestOptions): Promise<Entry>;
  create(body: Values): Promise<Entry>;
  update(id: string, body: Values): Promise<Entry>;
  remove(id: string): Promise<void>;
  move?(id: string, body: { to: number }): Promise<Entry>;
  chart?(number: number, query?: Query, options?: RequestOptions): Promise<ChartData>;
}

export interface Child {
  resource: Resource;
  field: string;
  param: string;
  part: boolean;
  /** They are deleted together with the record that they refer to. */
  goesAlong: boolean;
  /** They stay and only lose their link. */
  unlinks?: boolean;
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
  /** The order of the list at first; the newest first if it is left out. */
  sort?: string;
  /** What the list shows beside the title; the first few fields if it is left out. */
  columns?: string[];
  /** The reference on whose page people move these records by hand. */
  ordered?: string;
  board?: string;
  calendar?: CalendarSpec;
  charts?: ChartSpec[];
  lists?: NamedListSpec[];
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

/** Whether a value fits on one line of a card. */
export function isShort(field: Field): boolean {
  return field.type !== "text" && field.type !== "tags" && field.type !== "references";
}
