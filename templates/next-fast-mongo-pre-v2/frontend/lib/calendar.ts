import { useSyncExternalStore } from "react";
import { toLocalInput } from "./format";
import type { CalendarSpec, Entry, Values } from "./resource";

/** Days of a calendar, as local dates "2026-03-31", and where records stand in them. */

export type Span = "month" | "week" | "day";
export const SPANS: Span[] = ["month", "week", "day"];

export interface Event {
  record: Entry;
  first: string;
  last: string;
  /** "10:00" or "10:00 – 11:30"; empty for whole days. */
  time: string;
}

export function dayOf(date: Date): string {
  return toLocalInput(date.toISOString()).slice(0, 10);
}

export function today(): string {
  return dayOf(new Date());
}

/** The reader's day; unknown ("") while the page is built on the server. */
export function useToday(): string {
  return useSyncExternalStore(
    () => () => {},
    today,
    () => "",
  );
}

export function dateOf(day: string): Date {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date);
}

export function moved(day: string, days: number): string {
  const date = dateOf(day);
  date.setDate(date.getDate() + days);
  return dayOf(date);
}

/** The month before or after, on its first day; or so many weeks or days. */
export function stepped(day: string, span: Span, steps: number): string {
  if (span !== "month") return moved(day, span === "week" ? 7 * steps : steps);
  const date = dateOf(day);
  return dayOf(new Date(date.getFullYear(), date.getMonth() + steps, 1));
}

/** What is shown: whole weeks from Monday, or one day. */
export function daysOf(day: string, span: Span): string[] {
  if (span === "day") return [day];
  const first = span === "month" ? `${day.slice(0, 8)}01` : day;
  const start = moved(first, -((dateOf(first).getDay() + 6) % 7));
  const weeks = span === "week" ? 1 : Math.ceil((toMonday(first) + lengthOfMonth(day)) / 7);
  return Array.from({ length: weeks * 7 }, (_, index) => moved(start, index));
}

function toMonday(day: string): number {
  return (dateOf(day).getDay() + 6) % 7;
}

function lengthOfMonth(day: string): number {
  const date = dateOf(day);
  return new Date(date.getFullYear(), date.getMonth() + 1, 0).getDate();
}

export function eventOf(calendar: CalendarSpec, record: Entry): Event | null {
  const start = record[calendar.day ?? calendar.start];
  if (typeof start !== "string" || start === "") return null;
  const end = calendar.end ? record[calendar.end] : null;
  if (calendar.day) {
    const from = String(record[calendar.start] ?? "").slice(0, 5);
    return { record, first: start, last: start, time: [from, String(end ?? "").slice(0, 5)].filter(Boolean).join(" – ") };
  }
  if (start.length === 10) return { record, first: start, last: typeof end === "string" ? end : start, time: "" };
  const local = toLocalInput(start);
  const until = typeof end === "string" ? toLocalInput(end) : "";
  const first = local.slice(0, 10);
  const last = until ? until.slice(0, 10) : first;
  const time = until && first === last ? `${local.slice(11)} – ${until.slice(11)}` : local.slice(11);
  return { record, first, last: last < first ? first : last, time };
}

/** What a form begins with when a day was clicked. */
export function valuesFor(calendar: CalendarSpec, day: string): Values {
  if (calendar.day) return { [calendar.day]: day };
  if (!calendar.withTime) return { [calendar.start]: day, ...(calendar.end && { [calendar.end]: day }) };
  const at = (hour: number) => new Date(`${day}T${String(hour).padStart(2, "0")}:00`).toISOString();
  return { [calendar.start]: at(9), ...(calendar.end && { [calendar.end]: at(10) }) };
}
