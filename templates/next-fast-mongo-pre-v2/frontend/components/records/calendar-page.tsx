import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, Plus } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useMay } from "@/components/frame";
import { Button } from "@/components/ui/button";
import { ErrorState, LoadingRows } from "@/components/ui/states";
import { dateOf, daysOf, type Event, eventOf, moved, type Span, SPANS, stepped, useToday, valuesFor } from "@/lib/calendar";
import { titleOf } from "@/lib/format";
import { type CalendarSpec, type Entry, inSentence, type Page, type Query, type Resource } from "@/lib/resource";
import { cn } from "@/lib/utils";
import { RecordForm } from "./record-form";
import { ViewPage } from "./view-page";

const PAGE_SIZE = 100;
const MAX_PAGES = 10;
/** Records that began so many days before are asked for too: they may reach into what is shown. */
const LONGEST = 31;

export function CalendarPage({ resource }: { resource: Resource }) {
  return <ViewPage resource={resource}>{() => <Calendar resource={resource} calendar={resource.calendar as CalendarSpec} />}</ViewPage>;
}

function Calendar({ resource, calendar }: { resource: Resource; calendar: CalendarSpec }) {
  const today = useToday();
  const mayAdd = useMay()(resource, "add");
  const [chosen, setDay] = useState("");
  const [span, setSpan] = useState<Span>("month");
  const [adding, setAdding] = useState<string | null>(null);
  const day = chosen || today;
  const days = day ? daysOf(day, span) : [];
  const list = useQuery({
    queryKey: [resource.slug, "calendar", days[0], days.at(-1)],
    queryFn: ({ signal }) => allOf(resource, rangeOf(calendar, days), signal),
    enabled: days.length > 0,
    placeholderData: keepPreviousData,
  });
  if (!day || list.isPending) return <LoadingRows />;
  if (list.isError) return <ErrorState message={list.error.message} onRetry={() => void list.refetch()} />;
  const events = list.data.map((record) => eventOf(calendar, record)).filter((event) => event !== null);
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-2">
        <Button variant="outline" size="icon" aria-label={`Previous ${span}`} onClick={() => setDay(stepped(day, span, -1))}>
          <ChevronLeft />
        </Button>
        <Button variant="outline" size="icon" aria-label={`Next ${span}`} onClick={() => setDay(stepped(day, span, 1))}>
          <ChevronRight />
        </Button>
        <Button variant="outline" size="sm" disabled={!chosen} onClick={() => setDay("")}>
          Today
        </Button>
        <h2 className="order-first w-full text-base font-semibold sm:order-none sm:w-auto sm:flex-1">{nameOf(day, span, days)}</h2>
        <div role="group" aria-label="Show" className="flex gap-1">
          {SPANS.map((one) => (
            <Button key={one} variant={one === span ? "primary" : "ghost"} size="sm" aria-pressed={one === span} onClick={() => setSpan(one)}>
              {one[0].toUpperCase() + one.slice(1)}
            </Button>
          ))}
        </div>
      </div>
      <div className={cn("grid gap-px overflow-hidden rounded-xl border bg-border", span !== "day" && "md:grid-cols-7")}>
        {span !== "day" && days.slice(0, 7).map((one) => <WeekDay key={one} day={one} />)}
        {days.map((one) => (
          <Day
            key={one}
            day={one}
            resource={resource}
            events={events.filter((event) => event.first <= one && one <= event.last).sort(byTime)}
            isOutside={span === "month" && one.slice(0, 7) !== day.slice(0, 7)}
            isTall={span !== "month"}
            onAdd={mayAdd ? () => setAdding(one) : undefined}
          />
        ))}
      </div>
      {adding && <RecordForm resource={resource} initial={valuesFor(calendar, adding)} onClose={() => setAdding(null)} />}
    </>
  );
}

function WeekDay({ day }: { day: string }) {
  return (
    <div className="hidden bg-muted px-2 py-1.5 text-xs font-medium text-muted-foreground md:block">
      {new Intl.DateTimeFormat(undefined, { weekday: "short" }).format(dateOf(day))}
    </div>
  );
}

interface DayProps {
  day: string;
  resource: Resource;
  events: Event[];
  isOutside: boolean;
  isTall: boolean;
  onAdd?: () => void;
}

/** On phones the days stand below each other, and those without records outside the month are left out. */
function Day({ day, resource, events, isOutside, isTall, onAdd }: DayProps) {
  const name = new Intl.DateTimeFormat(undefined, { dateStyle: "full" }).format(dateOf(day));
  const isToday = day === useToday();
  return (
    <section
      aria-label={name}
      data-day={day}
      className={cn("group min-h-12 bg-surface p-1.5", isTall ? "md:min-h-72" : "md:min-h-28", isOutside && "bg-muted/50", isOutside && events.length === 0 && "hidden md:block")}
    >
      <div className="flex items-center justify-between">
        <span className={cn("px-1 text-xs tabular-nums", isOutside ? "text-muted-foreground" : "font-medium", isToday && "rounded-md bg-primary text-primary-foreground")}>
          <span className="md:hidden">{name}</span>
          <span className="hidden md:inline">{Number(day.slice(8))}</span>
        </span>
        {onAdd && <button
          type="button"
          aria-label={`New ${inSentence(resource.label)} on ${name}`}
          className="flex size-6 items-center justify-center rounded-md text-muted-foreground hover:bg-muted hover:text-foreground md:opacity-0 md:group-hover:opacity-100 md:focus:opacity-100"
          onClick={onAdd}
        >
          <Plus aria-hidden className="size-3.5" />
        </button>}
      </div>
      <ul className="mt-1 grid gap-1">
        {events.map(({ record, time, first }) => (
          <li key={record.id}>
            <Link
              href={`/${resource.slug}/${record.id}`}
              className="block truncate rounded-md bg-primary/10 px-1.5 py-0.5 text-xs text-foreground hover:bg-primary/20"
            >
              {time && first === day && <span className="mr-1 text-muted-foreground tabular-nums">{time}</span>}
              {titleOf(resource, record)}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function byTime(one: Event, other: Event): number {
  return one.time.localeCompare(other.time);
}

function nameOf(day: string, span: Span, days: string[]): string {
  const format = (one: string, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(undefined, options).format(dateOf(one));
  if (span === "month") return format(day, { month: "long", year: "numeric" });
  if (span === "day") return format(day, { dateStyle: "full" });
  return `${format(days[0], { dateStyle: "medium" })} – ${format(days[6], { dateStyle: "medium" })}`;
}

function rangeOf(calendar: CalendarSpec, days: string[]): Query {
  const field = calendar.day ?? calendar.start;
  const first = moved(days[0], -LONGEST);
  const last = days.at(-1) as string;
  const [from, to] = calendar.params;
  if (!calendar.withTime || calendar.day) return { [from]: first, [to]: last, sort: field };
  return { [from]: dateOf(first).toISOString(), [to]: dateOf(moved(last, 1)).toISOString(), sort: field };
}

async function allOf(resource: Resource, query: Query, signal: AbortSignal): Promise<Entry[]> {
  const found: Entry[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const answer: Page = await resource.api.list({ ...query, page, page_size: PAGE_SIZE }, { signal });
    found.push(...answer.items);
    if (found.length >= answer.total) break;
  }
  return found;
}
