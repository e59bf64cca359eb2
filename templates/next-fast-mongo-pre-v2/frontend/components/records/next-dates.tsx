import { useQuery } from "@tanstack/react-query";
import { ArrowRight } from "lucide-react";
import Link from "next/link";
import { dateOf, eventOf, useToday } from "@/lib/calendar";
import { formatDay, titleOf } from "@/lib/format";
import { type CalendarSpec, inSentence, type Resource } from "@/lib/resource";

const SHOWN = 5;

/** What comes next of one kind of record that has a calendar; nothing when nothing does. */
export function NextDates({ resource, calendar }: { resource: Resource; calendar: CalendarSpec }) {
  const today = useToday();
  const from = calendar.withTime && !calendar.day && today ? dateOf(today).toISOString() : today;
  const query = { [calendar.params[0]]: from, sort: calendar.day ?? calendar.start, page_size: SHOWN };
  const coming = useQuery({
    queryKey: [resource.slug, "next", query],
    queryFn: ({ signal }) => resource.api.list(query, { signal }),
    enabled: today !== "",
  });
  const events = (coming.data?.items ?? []).map((record) => eventOf(calendar, record)).filter((event) => event !== null);
  if (events.length === 0) return null;
  const nouns = inSentence(resource.labelPlural);
  return (
    <section aria-label={`Next ${nouns}`} className="overflow-hidden rounded-xl border bg-surface shadow-xs">
      <div className="flex items-center justify-between border-b px-4 py-3">
        <h2 className="text-sm font-semibold">{`Next ${nouns}`}</h2>
        <Link href={`/${resource.slug}/calendar`} className="inline-flex items-center gap-1 text-sm text-muted-foreground hover:text-foreground">
          Calendar <ArrowRight aria-hidden className="size-3.5" />
        </Link>
      </div>
      <ul className="divide-y">
        {events.map(({ record, first, time }) => (
          <li key={record.id}>
            <Link href={`/${resource.slug}/${record.id}`} className="flex items-baseline justify-between gap-4 px-4 py-2.5 text-sm transition-colors hover:bg-muted/50">
              <span className="min-w-0 truncate font-medium">{titleOf(resource, record)}</span>
              <span className="shrink-0 text-xs text-muted-foreground">{[formatDay(first), time].filter(Boolean).join(", ")}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
