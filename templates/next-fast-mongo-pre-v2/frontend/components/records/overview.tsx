import { useQuery } from "@tanstack/react-query";
import { ArrowRight } from "lucide-react";
import Link from "next/link";
import { useMay } from "@/components/frame";
import { EmptyState, ErrorState, LoadingRows, Skeleton } from "@/components/ui/states";
import { navigation } from "@/lib/app";
import { formatMoment, titleOf } from "@/lib/format";
import { type Field, fieldOf, inSentence, type NavigationEntry, type Query } from "@/lib/resource";
import { cn } from "@/lib/utils";
import { Board } from "./board-page";
import { ChartCard } from "./chart-page";
import { NamedListCounts } from "./named-lists";
import { NextDates } from "./next-dates";

const RECENT = 5;

/** How many records of each kind there are, the boards, the charts, what comes next, and the newest records. */
export function Overview() {
  const may = useMay();
  const shown = navigation.filter(({ resource }) => may(resource, "read"));
  return (
    <div className="grid grid-cols-1 gap-8">
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        {shown.map((entry) => (
          <Count key={entry.resource.slug} entry={entry} />
        ))}
      </div>
      {shown.some(({ resource }) => resource.lists?.some((one) => !one.first)) && (
        <nav aria-label="Lists" className="flex flex-wrap gap-2">
          {shown.map(({ resource }) => (
            <NamedListCounts key={resource.slug} resource={resource} />
          ))}
        </nav>
      )}
      {shown.map(({ resource }) => resource.board && (
        <section key={`board ${resource.slug}`} aria-label={`Board of ${inSentence(resource.labelPlural)}`}>
          <Link href={`/${resource.slug}/board`} className="mb-3 inline-block text-sm font-semibold underline-offset-4 hover:underline">
            {resource.labelPlural}
          </Link>
          <Board resource={resource} by={fieldOf(resource, resource.board) as Field} />
        </section>
      ))}
      {shown.map(({ resource }) => resource.charts && <ChartCard key={resource.slug} resource={resource} chart={resource.charts[0]} number={0} />)}
      <div className={cn("grid gap-6", shown.length > 1 && "lg:grid-cols-2")}>
        {shown.map(({ resource }) => resource.calendar && <NextDates key={`next ${resource.slug}`} resource={resource} calendar={resource.calendar} />)}
        {shown.filter(({ resource }) => !resource.board).map((entry) => (
          <Recent key={entry.resource.slug} entry={entry} />
        ))}
      </div>
    </div>
  );
}

function useNewest({ resource }: NavigationEntry, query: Query = {}) {
  return useQuery({
    queryKey: [resource.slug, "newest", query],
    queryFn: ({ signal }) => resource.api.list({ page_size: RECENT, ...query }, { signal }),
  });
}

function Count({ entry }: { entry: NavigationEntry }) {
  const { resource, icon: Icon } = entry;
  const newest = useNewest(entry);
  return (
    <Link
      href={`/${resource.slug}`}
      className="flex items-start justify-between rounded-xl border bg-surface p-4 shadow-xs transition-colors hover:border-primary/50"
    >
      <span className="min-w-0">
        <span className="block truncate text-sm text-muted-foreground">{resource.labelPlural}</span>
        <span className="mt-1 block text-2xl font-semibold tabular-nums">
          {newest.data ? newest.data.total : newest.isError ? "–" : <Skeleton className="mt-1.5 h-6 w-10" />}
        </span>
      </span>
      <span className="flex size-9 shrink-0 items-center justify-center rounded-lg bg-primary/10 text-primary">
        <Icon aria-hidden className="size-[18px]" />
      </span>
    </Link>
  );
}

function Recent({ entry }: { entry: NavigationEntry }) {
  const { resource, icon: Icon } = entry;
  const newest = useNewest(entry);
  const nouns = inSentence(resource.labelPlural);
  return (
    <section aria-label={`Recent ${nouns}`} className="overflow-hidden rounded-xl border bg-surface shadow-xs">
      <div className="flex items-center justify-between border-b px-4 py-3">
        <h2 className="text-sm font-semibold">{`Recent ${nouns}`}</h2>
        <Link href={`/${resource.slug}`} className="inline-flex items-center gap-1 text-sm text-muted-foreground hover:text-foreground">
          All {nouns} <ArrowRight aria-hidden className="size-3.5" />
        </Link>
      </div>
      {newest.isPending ? (
        <LoadingRows rows={3} />
      ) : newest.isError ? (
        <ErrorState message={newest.error.message} onRetry={() => void newest.refetch()} />
      ) : newest.data.items.length === 0 ? (
        <EmptyState
          icon={<Icon aria-hidden />}
          title={`No ${nouns} yet`}
          text="The newest ones appear here."
          action={
            <Link href={`/${resource.slug}`} className="text-sm font-medium text-primary underline-offset-4 hover:underline">
              Go to {nouns}
            </Link>
          }
        />
      ) : (
        <ul className="divide-y">
          {newest.data.items.map((item) => (
            <li key={item.id}>
              <Link
                href={`/${resource.slug}/${item.id}`}
                className="flex items-baseline justify-between gap-4 px-4 py-2.5 text-sm transition-colors hover:bg-muted/50"
              >
                <span className={cn("min-w-0 truncate font-medium", resource.done && item[resource.done] === true && "text-muted-foreground line-through")}>
                  {titleOf(resource, item)}
                </span>
                <time dateTime={item.created_at} className="shrink-0 text-xs text-muted-foreground">
                  {formatMoment(item.created_at)}
                </time>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
