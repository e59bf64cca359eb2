import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/router";
import { readersZone } from "@/lib/format";
import type { NamedListSpec, Resource } from "@/lib/resource";
import { cn } from "@/lib/utils";

/** The number of the list that the page's address asks for, or of the one that it opens with. */
export function useOpeningList(lists: NamedListSpec[]): number | null {
  const { isReady, query } = useRouter();
  const asked = Number(query.part ?? Number.NaN);
  if (isReady && lists[asked]) return asked;
  const first = lists.findIndex((one) => one.first);
  return first < 0 ? null : first;
}

/** On the home page: how many records each list with a name holds. */
export function NamedListCounts({ resource }: { resource: Resource }) {
  return resource.lists?.map(({ title, first }, number) => !first && <NamedListCount key={title} resource={resource} title={title} number={number} />);
}

function NamedListCount({ resource, title, number }: { resource: Resource; title: string; number: number }) {
  const query = { part: number, zone: readersZone(), page_size: 1 };
  const list = useQuery({ queryKey: [resource.slug, "list", query], queryFn: ({ signal }) => resource.api.list(query, { signal }) });
  return (
    <Link href={`/${resource.slug}?part=${number}`} className="inline-flex min-h-8 items-center gap-2 rounded-full border bg-surface px-3 py-1 text-sm hover:border-primary/50">
      {title}
      <span className="font-semibold tabular-nums">{list.data ? list.data.total : "–"}</span>
    </Link>
  );
}

interface NamedListsProps {
  resource: Resource;
  /** The number of the list that is shown; null for all records. */
  chosen: number | null;
  onChoose: (number: number | null) => void;
}

/** Switches between all records and those parts of them that have a name. */
export function NamedLists({ resource, chosen, onChoose }: NamedListsProps) {
  const every: [number | null, string][] = [[null, `All ${resource.labelPlural}`], ...(resource.lists ?? []).map(({ title }, number): [number, string] => [number, title])];
  return (
    <div role="group" aria-label={`Lists of ${resource.labelPlural}`} className="mb-3 flex flex-wrap gap-2">
      {every.map(([number, title]) => (
        <button
          key={number}
          type="button"
          aria-pressed={chosen === number}
          onClick={() => onChoose(number)}
          className={cn(
            "min-h-8 rounded-full border px-3 py-1 text-sm text-muted-foreground transition-colors hover:text-foreground",
            chosen === number && "border-primary bg-primary/10 font-medium text-foreground",
          )}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
