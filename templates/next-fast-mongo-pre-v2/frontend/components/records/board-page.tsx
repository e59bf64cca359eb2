import { useQuery } from "@tanstack/react-query";
import { GripVertical } from "lucide-react";
import Link from "next/link";
import { type PointerEvent, useRef, useState } from "react";
import { useMay } from "@/components/frame";
import { ErrorState, LoadingRows } from "@/components/ui/states";
import { isEmpty, titleOf } from "@/lib/format";
import { type Entry, type Field, fieldOf, inSentence, isShort, type Resource } from "@/lib/resource";
import { cn } from "@/lib/utils";
import { useRecordActions } from "./use-record-actions";
import { Value } from "./value";
import { ViewPage } from "./view-page";

const PAGE_SIZE = 100;

/** A mouse that was moved less has clicked. */
const CLICK_PX = 5;

/** So near to its edge a card that is held scrolls the board. */
const EDGE_PX = 40;

/** So far the board scrolls in a frame. */
const SCROLL_PX = 10;

/** Columns by a choice. A card is moved by mouse, by finger at its handle, or with the arrow keys there. */
export function BoardPage({ resource }: { resource: Resource }) {
  return <ViewPage resource={resource}>{() => <Board resource={resource} by={fieldOf(resource, resource.board ?? "") as Field} />}</ViewPage>;
}

/** The columns alone, also for a page of the application's own. */
export function Board({ resource, by }: { resource: Resource; by: Field }) {
  const [over, setOver] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const { change } = useRecordActions(resource);
  const may = useMay();
  const list = useQuery({
    queryKey: [resource.slug, "board"],
    queryFn: ({ signal }) => resource.api.list({ page_size: PAGE_SIZE, sort: "-updated_at" }, { signal }),
  });
  if (list.isPending) return <LoadingRows />;
  if (list.isError) return <ErrorState message={list.error.message} onRetry={() => void list.refetch()} />;
  const items = list.data.items;
  const columns = [...(by.choices ?? []), ...(items.some((item) => !item[by.name]) ? [""] : [])];
  const move = (record: Entry, to: string) => {
    if (to === String(record[by.name] ?? "") || to === "") return;
    const told = () => setSaid(`${titleOf(resource, record)} moved to ${to}`);
    change.mutate({ id: record.id, values: { [by.name]: to } }, { onSuccess: told });
  };
  return (
    <>
      <p role="status" className="sr-only">
        {said}
      </p>
      <div data-board={resource.slug} className="flex gap-4 overflow-x-auto pb-4">
        {columns.map((column) => {
          const cards = items.filter((item) => String(item[by.name] ?? "") === column);
          return (
            <section
              key={column}
              aria-label={column || `No ${inSentence(by.label)}`}
              data-column={column}
              className={cn("flex max-w-96 min-w-44 flex-1 flex-col gap-2 rounded-xl border bg-muted/40 p-3", over === column && over !== "" && "border-primary bg-primary/5")}
            >
              <h2 className="flex items-baseline justify-between px-1 text-sm font-semibold">
                {column || `No ${inSentence(by.label)}`}
                <span className="text-xs font-normal text-muted-foreground tabular-nums">{cards.length}</span>
              </h2>
              {cards.length === 0 && <p className="px-1 py-4 text-sm text-muted-foreground">Nothing here.</p>}
              {cards.map((record) => (
                <Card key={record.id} resource={resource} record={record} by={by} columns={columns} isFixed={!may(resource, "change", record)} onOver={setOver} onMove={(to) => move(record, to)} />
              ))}
            </section>
          );
        })}
      </div>
      {list.data.total > items.length && (
        <p className="text-sm text-muted-foreground">
          The {items.length} last changed of {list.data.total} are shown. <Link href={`/${resource.slug}`} className="text-primary underline underline-offset-4">All of them</Link>
        </p>
      )}
    </>
  );
}

interface CardProps {
  resource: Resource;
  record: Entry;
  by: Field;
  columns: string[];
  isFixed: boolean;
  onOver: (column: string | null) => void;
  onMove: (to: string) => void;
}

function Card({ resource, record, by, columns, isFixed, onOver, onMove }: CardProps) {
  const [offset, setOffset] = useState<{ x: number; y: number } | null>(null);
  const handle = useRef<HTMLButtonElement>(null);
  const title = titleOf(resource, record);
  const details = resource.fields.filter((field) => field.name !== by.name && field.name !== resource.title && isShort(field) && !isEmpty(record[field.name])).slice(0, 3);
  const columnAt = (at: { clientX: number; clientY: number }) =>
    document
      .elementsFromPoint(at.clientX, at.clientY)
      .map((element) => element.closest<HTMLElement>("[data-column]"))
      .find((element) => element !== null)?.dataset.column ?? null;
  const begin = (event: PointerEvent) => {
    const isByHandle = handle.current?.contains(event.target as Node) ?? false;
    const isTaken = event.pointerType === "mouse" ? event.button === 0 : isByHandle;
    if (isFixed || !isTaken) return;
    if (isByHandle) setOffset({ x: 0, y: 0 });
    const board = event.currentTarget.closest("[data-board]") ?? document.body;
    const start = { x: event.clientX + board.scrollLeft, y: event.clientY };
    const furthest = board.scrollWidth - board.clientWidth;
    const held = new AbortController();
    let isPulled = isByHandle;
    let at: { clientX: number; clientY: number } = event;
    const pull = (now: { clientX: number; clientY: number }) => {
      at = now;
      isPulled ||= Math.hypot(now.clientX + board.scrollLeft - start.x, now.clientY - start.y) >= CLICK_PX;
      if (!isPulled) return;
      setOffset({ x: now.clientX + board.scrollLeft - start.x, y: now.clientY - start.y });
      onOver(columnAt(now));
    };
    const scroll = () => {
      if (held.signal.aborted) return;
      const edges = board.getBoundingClientRect();
      const before = board.scrollLeft;
      if (isPulled && at.clientX > edges.right - EDGE_PX) board.scrollLeft = Math.min(furthest, before + SCROLL_PX);
      if (isPulled && at.clientX < edges.left + EDGE_PX) board.scrollLeft = before - SCROLL_PX;
      if (board.scrollLeft !== before) pull(at);
      requestAnimationFrame(scroll);
    };
    requestAnimationFrame(scroll);
    const drop = (now: { type: string; clientX: number; clientY: number }) => {
      held.abort();
      setOffset(null);
      onOver(null);
      const to = isPulled && now.type === "pointerup" ? columnAt(now) : null;
      if (to) onMove(to);
    };
    // The window hears of a pointer that has left the card before it moved.
    window.addEventListener("pointermove", pull, { signal: held.signal });
    window.addEventListener("pointerup", drop, { signal: held.signal });
    window.addEventListener("pointercancel", drop, { signal: held.signal });
  };
  const step = (places: number) => {
    const to = columns[columns.indexOf(String(record[by.name] ?? "")) + places];
    if (to) onMove(to);
  };
  return (
    <article
      aria-label={title}
      data-card={record.id}
      className={cn("relative rounded-lg border bg-surface p-3 pr-9 shadow-xs", !isFixed && "cursor-grab select-none", offset && "pointer-events-none z-40 shadow-lg")}
      style={offset ? { transform: `translate(${offset.x}px, ${offset.y}px)` } : undefined}
      onPointerDown={begin}
    >
      <Link href={`/${resource.slug}/${record.id}`} draggable={false} className="text-sm font-medium break-words underline-offset-4 hover:underline">
        {title}
      </Link>
      {!isFixed && <button
        type="button"
        aria-label={`Move ${title}`}
        title="Drag, or use the arrow keys"
        ref={handle}
        className="absolute top-2 right-1.5 flex size-7 cursor-grab touch-none items-center justify-center rounded-md text-muted-foreground hover:bg-muted"
        onKeyDown={(event) => {
          if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
            event.preventDefault();
            step(event.key === "ArrowRight" ? 1 : -1);
          }
        }}
      >
        <GripVertical aria-hidden className="size-4" />
      </button>}
      <dl className="mt-1.5 grid gap-1 text-xs text-muted-foreground">
        {details.map((field) => (
          <div key={field.name} className="flex gap-1.5">
            <dt>{field.label}</dt>
            <dd className="min-w-0 text-foreground">
              <Value field={field} record={record} />
            </dd>
          </div>
        ))}
      </dl>
    </article>
  );
}
