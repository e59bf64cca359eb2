import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, Pencil, Plus, Trash2 } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/router";
import { useState } from "react";
import { AppShell, PageHeader } from "@/components/app-shell";
import { useMay } from "@/components/frame";
import { Button, buttonClass } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/input";
import { EmptyState, ErrorState, LoadingRows } from "@/components/ui/states";
import { ApiError } from "@/lib/api/http";
import { formatMoment, titleOf } from "@/lib/format";
import { type Child, type Entry, inSentence, type Resource } from "@/lib/resource";
import { DeleteDialog } from "./delete-dialog";
import { RecordFiles } from "./files";
import { RecordForm } from "./record-form";
import { RecordList } from "./record-list";
import { useRecordActions } from "./use-record-actions";
import { Value } from "./value";

export function DetailPage({ resource }: { resource: Resource }) {
  const { query, isReady } = useRouter();
  const id = typeof query.id === "string" ? query.id : "";
  const record = useQuery({
    queryKey: [resource.slug, "record", id],
    queryFn: ({ signal }) => resource.api.get(id, { signal }),
    enabled: isReady && id !== "",
  });
  const isGone = record.error instanceof ApiError && record.error.status === 404;
  return (
    <AppShell title={record.data ? titleOf(resource, record.data) : resource.label}>
      <Link
        href={`/${resource.slug}`}
        className="mb-4 inline-flex items-center gap-1.5 rounded-sm text-sm text-muted-foreground hover:text-foreground"
      >
        <ArrowLeft aria-hidden className="size-4" /> {resource.labelPlural}
      </Link>
      {record.data ? (
        <Details key={record.data.id} resource={resource} record={record.data} />
      ) : (
        <div className="rounded-xl border bg-surface shadow-xs">
          {isGone ? (
            <EmptyState title={`This ${inSentence(resource.label)} does not exist any more`} text="It may have been deleted." />
          ) : record.isError ? (
            <ErrorState message={record.error.message} onRetry={() => void record.refetch()} />
          ) : (
            <LoadingRows rows={4} />
          )}
        </div>
      )}
    </AppShell>
  );
}

function Details({ resource, record }: { resource: Resource; record: Entry }) {
  const router = useRouter();
  const [isEditing, setEditing] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const { change } = useRecordActions(resource);
  const may = useMay();
  const mayChange = may(resource, "change", record);
  const maker = resource.showsMaker && record.record_maker ? ` · Added by ${record.record_is_mine === true ? "you" : String(record.record_maker)}` : "";
  const fields = resource.fields.filter((field) => field.name !== resource.title || field.type === "reference");
  return (
    <>
      <PageHeader
        title={titleOf(resource, record)}
        text={`Last changed ${formatMoment(record.updated_at)}${maker}`}
        actions={
          <>
            {mayChange && (
              <Button variant="outline" onClick={() => setEditing(true)}>
                <Pencil /> Edit
              </Button>
            )}
            {may(resource, "delete", record) && (
              <Button variant="outline" className="hover:text-danger" onClick={() => setDeleting(true)}>
                <Trash2 /> Delete
              </Button>
            )}
          </>
        }
      />
      {fields.length > 0 && (
        <dl className="grid gap-x-8 gap-y-5 rounded-xl border bg-surface p-5 shadow-xs sm:grid-cols-2 lg:grid-cols-3">
          {fields.map((field) => (
            <div key={field.name} className={field.type === "text" || field.type === "references" ? "min-w-0 sm:col-span-2 lg:col-span-3" : "min-w-0"}>
              <dt className="mb-1 text-xs font-medium text-muted-foreground">{field.label}</dt>
              <dd className="text-sm">
                {field.type === "boolean" ? (
                  <Checkbox
                    checked={record[field.name] === true}
                    aria-label={field.label}
                    disabled={!mayChange}
                    onChange={(event) => change.mutate({ id: record.id, values: { [field.name]: event.target.checked } })}
                  />
                ) : (
                  <Value field={field} record={record} />
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <RecordFiles resource={resource} record={record} />
      {resource.children().filter((child) => may(child.resource, "read")).map((child) => (
        <Related key={`${child.resource.slug}-${child.field}`} child={child} id={record.id} />
      ))}
      {isEditing && <RecordForm resource={resource} record={record} onClose={() => setEditing(false)} />}
      {isDeleting && (
        <DeleteDialog
          resource={resource}
          record={record}
          onClose={() => setDeleting(false)}
          onDeleted={() => void router.push(`/${resource.slug}`)}
        />
      )}
    </>
  );
}

/** The records elsewhere that refer to this one. */
function Related({ child, id }: { child: Child; id: string }) {
  const [isAdding, setAdding] = useState(false);
  const { resource, field, param } = child;
  const mayAdd = useMay()(resource, "add");
  const by = resource.fields.find((one) => one.name === field);
  const isOnlyLink = resource.fields.filter((one) => one.target?.() === by?.target?.()).length === 1;
  return (
    <div className="mt-10">
      <div className="mb-3 flex items-center justify-between gap-4">
        <h2 className="text-base font-semibold">
          {resource.labelPlural}
          {!isOnlyLink && <span className="font-normal text-muted-foreground"> · {by?.label}</span>}
        </h2>
        {mayAdd && (
          <button type="button" className={buttonClass({ variant: "outline", size: "sm" })} onClick={() => setAdding(true)}>
            <Plus aria-hidden /> New {inSentence(resource.label)}
          </button>
        )}
      </div>
      <RecordList resource={resource} within={{ field, param, id }} onAdd={() => setAdding(true)} />
      {isAdding && <RecordForm resource={resource} fixed={{ [field]: by?.type === "references" ? [id] : id }} onClose={() => setAdding(false)} />}
    </div>
  );
}
