import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChartColumn } from "lucide-react";
import { useState } from "react";
import { EmptyState, ErrorState, LoadingRows } from "@/components/ui/states";
import { formatNumber, readersZone } from "@/lib/format";
import { type ChartSpec, fieldOf, inSentence, type Query, type Resource } from "@/lib/resource";
import { Chart } from "./chart";
import { Filters } from "./filters";
import { ViewPage } from "./view-page";

/** All charts of one kind of record, narrowed by the same filters as its list. */
export function ChartPage({ resource }: { resource: Resource }) {
  const [filters, setFilters] = useState<Query>({});
  return (
    <ViewPage resource={resource}>
      {() => (
        <>
          {resource.filters.length > 0 && (
            <div className="mb-4 grid grid-cols-2 gap-2 sm:flex sm:flex-wrap">
              <Filters resource={resource} values={filters} onChange={(param, value) => setFilters((before) => ({ ...before, [param]: value }))} />
            </div>
          )}
          <div className="grid gap-6">
            {resource.charts?.map((chart, number) => (
              <ChartCard key={chart.title} resource={resource} chart={chart} number={number} filters={filters} />
            ))}
          </div>
        </>
      )}
    </ViewPage>
  );
}

interface ChartCardProps {
  resource: Resource;
  chart: ChartSpec;
  number: number;
  filters?: Query;
}

export function ChartCard({ resource, chart, number, filters = {} }: ChartCardProps) {
  const query = { ...filters, zone: readersZone() };
  const data = useQuery({
    queryKey: [resource.slug, "chart", number, query],
    queryFn: ({ signal }) => resource.api.chart!(number, query, { signal }),
    placeholderData: keepPreviousData,
  });
  const of = chart.of ? fieldOf(resource, chart.of) : undefined;
  const format = (value: number) => (of ? formatNumber(of, value) : new Intl.NumberFormat().format(value));
  return (
    <section aria-label={chart.title} className="rounded-xl border bg-surface p-5 shadow-xs">
      <h2 className="mb-4 text-sm font-semibold">{chart.title}</h2>
      {data.isPending ? (
        <LoadingRows rows={3} />
      ) : data.isError ? (
        <ErrorState message={data.error.message} onRetry={() => void data.refetch()} />
      ) : data.data.bars.length === 0 ? (
        <EmptyState icon={<ChartColumn aria-hidden />} title="Nothing to draw yet" text={`The ${inSentence(resource.labelPlural)} that you add are counted here.`} />
      ) : (
        <Chart title={chart.title} bars={data.data.bars.map((bar) => ({ ...bar, label: labelOf(chart, bar.label) }))} shape={chart.shape} format={format} />
      )}
    </section>
  );
}

/** "2026-03" as "Mar 2026", in the reader's language. */
function labelOf(chart: ChartSpec, label: string): string {
  const [year, month = 1, day = 1] = label.split("-").map(Number);
  if (!chart.period || chart.period === "year" || !Number.isFinite(year)) return label;
  const date = new Date(Date.UTC(year, month - 1, day));
  const parts = chart.period === "month" ? ({ month: "short", year: "numeric" } as const) : ({ day: "numeric", month: "short" } as const);
  return new Intl.DateTimeFormat(undefined, { ...parts, timeZone: "UTC" }).format(date);
}
