import { ArrowDown, ArrowUp, Pencil, Trash2 } from "lucide-react";
import Link from "next/link";
import { useMay } from "@/components/frame";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/input";
import { formatValue, titleOf } from "@/lib/format";
import { type Entry, type Field, fieldOf, type Resource, type Values } from "@/lib/resource";
import { cn } from "@/lib/utils";
import { usePictures } from "./files";
import { MoveHandle, type Moving, POSITION, useMoving } from "./move-handle";
import { Value } from "./value";

const MAX_COLUMNS = 5;
const NUMERIC = new Set(["integer", "number", "money"]);

interface RecordRowsProps {
  resource: Resource;
  items: Entry[];
  hidden?: string;
  sort: string;
  /** Whether the rows stand in their own order, so that they can be moved. */
  canMove?: boolean;
  onSort: (sort: string) => void;
  onChange: (id: string, values: Values) => void;
  onEdit: (record: Entry) => void;
  onDelete: (record: Entry) => void;
}

/** The field that names a row: inside its parent, a record named by that parent needs another one. */
function namingField(resource: Resource, hidden?: string): Field | undefined {
  if (resource.title !== hidden) return fieldOf(resource, resource.title);
  return resource.fields.find((field) => field.name !== hidden && field.name !== resource.done && field.type !== "boolean");
}

/** Those that were chosen, or the first ones and, in the place of the last, a figure that would not be seen. */
function columnsOf(resource: Resource, naming?: Field, hidden?: string): Field[] {
  if (resource.columns) {
    const chosen = resource.columns.map((name) => fieldOf(resource, name)).filter((field) => field !== undefined);
    return chosen.filter((field) => ![naming?.name, resource.done, hidden].includes(field.name));
  }
  const fields = resource.fields.filter((field) => ![naming?.name, resource.done, hidden].includes(field.name) && field.type !== "text");
  const figure = fields.slice(MAX_COLUMNS).findLast((field) => field.computed);
  return figure ? [...fields.slice(0, MAX_COLUMNS - 1), figure] : fields.slice(0, MAX_COLUMNS);
}

/** A table on wide screens; on narrow ones every record is a small card. */
export function RecordRows({ resource, items, hidden, sort, canMove = false, onSort, ...actions }: RecordRowsProps) {
  const moving = useMoving(resource);
  const naming = namingField(resource, hidden);
  const columns = columnsOf(resource, naming, hidden);
  const pictures = usePictures(resource, items);
  return (
    <>
    <p role="status" className="sr-only">
      {moving.said}
    </p>
    <table className="block w-full text-sm md:table">
      <thead className="hidden border-b md:table-header-group">
        <tr>
          {canMove && <th className="w-16 pl-4" aria-label="Place" />}
          {resource.done && <th className="w-11 pl-4" aria-label={fieldOf(resource, resource.done)?.label} />}
          {naming && <ColumnHead field={naming} resource={resource} sort={sort} onSort={onSort} />}
          {columns.map((field) => (
            <ColumnHead key={field.name} field={field} resource={resource} sort={sort} onSort={onSort} />
          ))}
          {resource.showsMaker && <th className="h-10 px-4 text-left text-xs font-medium text-muted-foreground">Added by</th>}
          <th className="w-24" aria-label="Actions" />
        </tr>
      </thead>
      <tbody className="block divide-y md:table-row-group">
        {items.map((record) => (
          <RecordRow key={record.id} resource={resource} record={record} naming={naming} columns={columns} picture={pictures[record.id]} moving={canMove ? moving : undefined} {...actions} />
        ))}
      </tbody>
    </table>
    </>
  );
}

interface ColumnHeadProps {
  field: Field;
  resource: Resource;
  sort: string;
  onSort: (sort: string) => void;
}

function ColumnHead({ field, resource, sort, onSort }: ColumnHeadProps) {
  const isAscending = sort === field.name;
  const isDescending = sort === `-${field.name}`;
  const className = cn("h-10 px-4 text-left text-xs font-medium text-muted-foreground", NUMERIC.has(field.type) && "text-right");
  if (!resource.sorts.includes(field.name)) return <th className={className}>{field.label}</th>;
  return (
    <th className={className} aria-sort={isAscending ? "ascending" : isDescending ? "descending" : undefined}>
      <button
        type="button"
        className="inline-flex items-center gap-1 rounded-sm hover:text-foreground"
        onClick={() => onSort(isAscending ? `-${field.name}` : field.name)}
      >
        {field.label}
        {isAscending && <ArrowUp aria-hidden className="size-3" />}
        {isDescending && <ArrowDown aria-hidden className="size-3" />}
      </button>
    </th>
  );
}

interface RecordRowProps {
  resource: Resource;
  record: Entry;
  naming?: Field;
  columns: Field[];
  /** The address of a small picture. */
  picture?: string;
  moving?: Moving;
  onChange: (id: string, values: Values) => void;
  onEdit: (record: Entry) => void;
  onDelete: (record: Entry) => void;
}

function RecordRow({ resource, record, naming, columns, picture, moving, onChange, onEdit, onDelete }: RecordRowProps) {
  const title = naming ? formatValue(naming, record) : titleOf(resource, record);
  const may = useMay();
  const mayChange = may(resource, "change", record);
  const isDone = resource.done !== undefined && record[resource.done] === true;
  const doneLabel = resource.done && fieldOf(resource, resource.done)?.label;
  return (
    <tr
      data-place={moving && String(record[POSITION])}
      className={cn(
        "group relative flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-3 transition-colors hover:bg-muted/40 md:table-row md:p-0",
        moving && moving.over === record[POSITION] && "bg-primary/10",
      )}
    >
      {moving && (
        <td className="md:w-16 md:pl-3 md:align-middle">
          <MoveHandle moving={moving} record={record} title={title} isFixed={!mayChange} />
        </td>
      )}
      {resource.done && (
        <td className="md:w-11 md:py-2.5 md:pl-4 md:align-middle">
          <span className="flex">
            <Checkbox
              round
              checked={isDone}
              disabled={!mayChange}
              aria-label={`${doneLabel}: ${title}`}
              onChange={(event) => onChange(record.id, { [resource.done as string]: event.target.checked })}
            />
          </span>
        </td>
      )}
      <td className="min-w-0 basis-[calc(100%-2.75rem)] pr-16 font-medium md:w-auto md:max-w-md md:px-4 md:py-2.5">
        <span className="flex items-center gap-3">
          {picture && <img src={picture} alt="" width={36} height={36} loading="lazy" className="size-9 shrink-0 rounded-md object-cover" />}
          <Link
            href={`/${resource.slug}/${record.id}`}
            className={cn("min-w-0 break-words underline-offset-4 hover:underline", isDone && "text-muted-foreground line-through")}
          >
            {title}
          </Link>
        </span>
      </td>
      {columns.map((field) => (
        <td
          key={field.name}
          className={cn(
            "flex items-baseline gap-1.5 text-[13px] md:table-cell md:px-4 md:py-2.5 md:text-sm",
            NUMERIC.has(field.type) && "md:text-right",
            isBlank(record, field) && "hidden md:table-cell",
          )}
        >
          <span className="text-xs text-muted-foreground md:hidden">{field.label}</span>
          <Cell field={field} record={record} title={title} onChange={mayChange ? onChange : undefined} />
        </td>
      ))}
      {resource.showsMaker && (
        <td className="flex items-baseline gap-1.5 text-[13px] md:table-cell md:px-4 md:py-2.5 md:text-sm">
          <span className="text-xs text-muted-foreground md:hidden">Added by</span>
          {record.record_is_mine === true ? "You" : String(record.record_maker || "–")}
        </td>
      )}
      <td className="absolute top-1.5 right-2 md:static md:w-24 md:py-1.5 md:pr-3 md:text-right">
        <span className="inline-flex gap-0.5 md:opacity-60 md:transition-opacity md:group-focus-within:opacity-100 md:group-hover:opacity-100">
          {mayChange && (
            <Button variant="ghost" size="icon" aria-label={`Edit ${title}`} onClick={() => onEdit(record)}>
              <Pencil />
            </Button>
          )}
          {may(resource, "delete", record) && (
            <Button variant="ghost" size="icon" className="hover:text-danger" aria-label={`Delete ${title}`} onClick={() => onDelete(record)}>
              <Trash2 />
            </Button>
          )}
        </span>
      </td>
    </tr>
  );
}

function isBlank(record: Entry, field: Field): boolean {
  const value = record[field.name];
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

interface CellProps {
  field: Field;
  record: Entry;
  title: string;
  /** Missing for those who may not change the record. */
  onChange?: (id: string, values: Values) => void;
}

/** Yes-or-no values can be switched where they stand. */
function Cell({ field, record, title, onChange }: CellProps) {
  if (field.type !== "boolean") return <Value field={field} record={record} />;
  return (
    <span className="inline-flex align-middle">
      <Checkbox
        checked={record[field.name] === true}
        aria-label={`${field.label}: ${title}`}
        disabled={!onChange}
        onChange={(event) => onChange?.(record.id, { [field.name]: event.target.checked })}
      />
    </span>
  );
}
