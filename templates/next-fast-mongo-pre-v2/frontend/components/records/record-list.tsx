import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, Plus, Search, SearchX } from "lucide-react";
import { useState } from "react";
import { useMay } from "@/components/frame";
import { Button } from "@/components/ui/button";
import { Input, Select } from "@/components/ui/input";
import { EmptyState, ErrorState, LoadingRows } from "@/components/ui/states";
import { readersZone } from "@/lib/format";
import { type Entry, fieldOf, inSentence, type Query, type Resource, type Values } from "@/lib/resource";
import { DeleteDialog } from "./delete-dialog";
import { Filters } from "./filters";
import { ListTools } from "./list-tools";
import { QuickAdd } from "./quick-add";
import { RecordForm } from "./record-form";
import { POSITION } from "./move-handle";
import { NamedLists, useOpeningList } from "./named-lists";
import { RecordRows } from "./record-rows";
import { useDelayed } from "./use-delayed";
import { useRecordActions } from "./use-record-actions";

const PAGE_SIZE = 20;

interface RecordListProps {
  resource: Resource;
  /** Shows only the records that refer to `id` through `field`, and adds new ones there. */
  within?: { field: string; param: string; id: string };
  onAdd: () => void;
}

/** Search, filters, order, pages and the actions on every record. */
export function RecordList({ resource, within, onAdd }: RecordListProps) {
  const [text, setText] = useState("");
  const [filters, setFilters] = useState<Query>({});
  const lists = within ? [] : (resource.lists ?? []);
  const [chosen, setPart] = useState<number | null | undefined>(undefined);
  const opening = useOpeningList(lists);
  const part = chosen === undefined ? opening : chosen;
  const isOrdered = within !== undefined && within.field === resource.ordered;
  const [sorted, setSort] = useState<string | undefined>(undefined);
  const usual = (part === null ? undefined : lists[part]?.sort) ?? resource.sort ?? "-created_at";
  const sort = sorted ?? (isOrdered ? POSITION : usual);
  const [page, setPage] = useState(1);
  const [editing, setEditing] = useState<Entry | null>(null);
  const [deleting, setDeleting] = useState<Entry | null>(null);
  const { change } = useRecordActions(resource);
  const mayAdd = useMay()(resource, "add");
  const q = useDelayed(text);
  const isOneOfMany = within !== undefined && fieldOf(resource, within.field)?.type === "references";
  const fixed: Values = within ? { [within.field]: isOneOfMany ? [within.id] : within.id } : {};
  const named: Query = part === null ? {} : { part, zone: readersZone() };
  const query: Query = { q, sort, page, page_size: PAGE_SIZE, ...filters, ...named, ...(within && { [within.param]: within.id }) };
  const list = useQuery({
    queryKey: [resource.slug, "list", query],
    queryFn: ({ signal }) => resource.api.list(query, { signal }),
    placeholderData: keepPreviousData,
  });
  const lastPage = Math.max(1, Math.ceil((list.data?.total ?? 0) / PAGE_SIZE));
  if (list.data && !list.isPlaceholderData && page > lastPage) setPage(lastPage);
  const isNarrowed = q !== "" || Object.values(filters).some((value) => value !== "") || part !== null;
  const reset = () => {
    setPart(null);
    setText("");
    setFilters({});
    setPage(1);
  };
  const showTools = isNarrowed || text !== "" || (list.data?.total ?? 0) > 0;

  return (
    <section aria-label={resource.labelPlural}>
      {!within && <ListTools resource={resource} query={{ q, sort, ...filters, ...named }} />}
      {lists.length > 0 && (
        <NamedLists
          resource={resource}
          chosen={part}
          onChoose={(number) => {
            setPart(number);
            setPage(1);
            setSort(undefined);
          }}
        />
      )}
      {showTools && (
        <Toolbar
          resource={resource}
          text={text}
          filters={filters}
          sort={sort}
          hidden={within?.field}
          isOrdered={isOrdered}
          onText={(value) => {
            setText(value);
            setPage(1);
          }}
          onFilter={(param, value) => {
            setFilters((before) => ({ ...before, [param]: value }));
            setPage(1);
          }}
          onSort={setSort}
        />
      )}
      <div className="overflow-hidden rounded-xl border bg-surface shadow-xs">
        {resource.quickAdd && mayAdd && <QuickAdd resource={resource} fixed={fixed} />}
        {list.isPending ? (
          <LoadingRows />
        ) : list.isError ? (
          <ErrorState message={list.error.message} onRetry={() => void list.refetch()} />
        ) : list.data.items.length === 0 ? (
          <NothingHere resource={resource} isNarrowed={isNarrowed} onAdd={mayAdd ? onAdd : undefined} onReset={reset} />
        ) : (
          <RecordRows
            resource={resource}
            items={list.data.items}
            hidden={isOneOfMany ? undefined : within?.field}
            sort={sort}
            canMove={isOrdered && sort === POSITION && !isNarrowed}
            onSort={setSort}
            onChange={(id, values) => change.mutate({ id, values })}
            onEdit={setEditing}
            onDelete={setDeleting}
          />
        )}
        {list.data && list.data.total > PAGE_SIZE && <Pager page={page} lastPage={lastPage} total={list.data.total} onPage={setPage} />}
      </div>
      {editing && <RecordForm resource={resource} record={editing} fixed={isOneOfMany ? {} : fixed} onClose={() => setEditing(null)} />}
      {deleting && <DeleteDialog resource={resource} record={deleting} onClose={() => setDeleting(null)} />}
    </section>
  );
}

interface ToolbarProps {
  resource: Resource;
  text: string;
  filters: Query;
  sort: string;
  hidden?: string;
  isOrdered: boolean;
  onText: (text: string) => void;
  onFilter: (param: string, value: string) => void;
  onSort: (sort: string) => void;
}

function Toolbar({ resource, text, filters, sort, hidden, isOrdered, onText, onFilter, onSort }: ToolbarProps) {
  const label = `Search ${inSentence(resource.labelPlural)}`;
  return (
    <div className="mb-3 grid grid-cols-2 gap-2 sm:flex sm:flex-wrap">
      {resource.searchable && (
        <div className="relative col-span-2 sm:grow sm:basis-64">
          <Search aria-hidden className="absolute top-2.5 left-3 size-4 text-muted-foreground" />
          <Input type="search" value={text} onChange={(event) => onText(event.target.value)} placeholder={label} aria-label={label} className="pl-9" />
        </div>
      )}
      <Filters resource={resource} values={filters} hidden={hidden} onChange={onFilter} />
      <Select className="w-full sm:w-44" aria-label="Sort by" value={sort} onChange={(event) => onSort(event.target.value)}>
        {isOrdered && <option value={POSITION}>Own order</option>}
        <option value="-created_at">Newest first</option>
        <option value="created_at">Oldest first</option>
        <option value="-updated_at">Last changed</option>
        {sort === "updated_at" && <option value="updated_at">First changed</option>}
        {resource.sorts.flatMap((name) => {
          const field = fieldOf(resource, name);
          if (!field) return [];
          return [
            <option key={name} value={name}>{`${field.label} ↑`}</option>,
            <option key={`-${name}`} value={`-${name}`}>{`${field.label} ↓`}</option>,
          ];
        })}
      </Select>
    </div>
  );
}

interface NothingProps {
  resource: Resource;
  isNarrowed: boolean;
  /** Missing for those who may not add any. */
  onAdd?: () => void;
  onReset: () => void;
}

function NothingHere({ resource, isNarrowed, onAdd, onReset }: NothingProps) {
  const nouns = inSentence(resource.labelPlural);
  if (isNarrowed) {
    return (
      <EmptyState
        icon={<SearchX aria-hidden />}
        title="Nothing matches"
        text={`No ${nouns} match the search and filters.`}
        action={
          <Button variant="outline" size="sm" onClick={onReset}>
            Clear search and filters
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      title={`No ${nouns} yet`}
      text={onAdd ? `The ${nouns} that you add appear here.` : `They appear here when somebody adds them.`}
      action={
        onAdd && (
          <Button size="sm" onClick={onAdd}>
            <Plus /> Add your first {inSentence(resource.label)}
          </Button>
        )
      }
    />
  );
}

interface PagerProps {
  page: number;
  lastPage: number;
  total: number;
  onPage: (page: number) => void;
}

function Pager({ page, lastPage, total, onPage }: PagerProps) {
  const first = (page - 1) * PAGE_SIZE + 1;
  return (
    <nav aria-label="Pages" className="flex items-center justify-between gap-3 border-t px-4 py-2.5 text-sm text-muted-foreground">
      <span className="tabular-nums">
        {`${first}–${Math.min(first + PAGE_SIZE - 1, total)} of ${total}`}
      </span>
      <span className="flex gap-1">
        <Button variant="outline" size="icon" aria-label="Previous page" disabled={page <= 1} onClick={() => onPage(page - 1)}>
          <ChevronLeft />
        </Button>
        <Button variant="outline" size="icon" aria-label="Next page" disabled={page >= lastPage} onClick={() => onPage(page + 1)}>
          <ChevronRight />
        </Button>
      </span>
    </nav>
  );
}
