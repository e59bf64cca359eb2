import { GripVertical } from "lucide-react";
import { type PointerEvent, useState } from "react";
import type { Entry, Resource } from "@/lib/resource";
import { useRecordActions } from "./use-record-actions";

/** The place of a record in the list of the record that it belongs to; 1 is the first. */
export const POSITION = "record_position";

export interface Moving {
  /** The place that a dragged row would get. */
  over: number | null;
  /** For those who cannot see it move. */
  said: string;
  onOver: (place: number | null) => void;
  onMove: (record: Entry, title: string, to: number) => void;
}

export function useMoving(resource: Resource): Moving {
  const [over, setOver] = useState<number | null>(null);
  const [said, setSaid] = useState("");
  const { move } = useRecordActions(resource);
  const onMove = (record: Entry, title: string, to: number) => {
    if (to < 1 || to === record[POSITION] || move.isPending) return;
    move.mutate(
      { id: record.id, to },
      {
        onSuccess: (moved) => {
          setSaid(`${title} is number ${String(moved[POSITION])} now`);
          document.querySelector<HTMLElement>(`[data-move="${record.id}"]`)?.focus();
        },
      },
    );
  };
  return { over, said, onOver: setOver, onMove };
}

interface MoveHandleProps {
  moving: Moving;
  record: Entry;
  title: string;
  isFixed: boolean;
}

/** Moves its row by mouse or finger, or with the arrow keys. */
export function MoveHandle({ moving, record, title, isFixed }: MoveHandleProps) {
  const place = Number(record[POSITION]);
  const [isDragged, setDragged] = useState(false);
  const end = () => {
    setDragged(false);
    moving.onOver(null);
  };
  return (
    <span className="inline-flex items-center gap-1 text-muted-foreground tabular-nums">
      {!isFixed && (
        <button
          type="button"
          data-move={record.id}
          aria-label={`Move ${title}`}
          title="Drag, or use the arrow keys"
          className="flex size-7 cursor-grab touch-none items-center justify-center rounded-md hover:bg-muted"
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            setDragged(true);
          }}
          onPointerMove={(event) => {
            if (isDragged) moving.onOver(placeAt(event));
          }}
          onPointerUp={(event) => {
            if (!isDragged) return;
            const to = placeAt(event);
            end();
            if (to !== null) moving.onMove(record, title, to);
          }}
          onPointerCancel={end}
          onKeyDown={(event) => {
            if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
            event.preventDefault();
            moving.onMove(record, title, place + (event.key === "ArrowUp" ? -1 : 1));
          }}
        >
          <GripVertical aria-hidden className="size-4" />
        </button>
      )}
      {place}
    </span>
  );
}

/** The place of the row under the pointer. */
function placeAt(event: PointerEvent): number | null {
  const row = document
    .elementsFromPoint(event.clientX, event.clientY)
    .map((element) => element.closest<HTMLElement>("[data-place]"))
    .find((element) => element !== null);
  return row?.dataset.place ? Number(row.dataset.place) : null;
}
