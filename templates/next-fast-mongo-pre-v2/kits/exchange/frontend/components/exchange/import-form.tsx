import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useId, useState } from "react";
import { Button, buttonClass } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { type ImportReport, MAX_BYTES, sendFile } from "@/lib/exchange";
import { inSentence, type Resource } from "@/lib/resource";
import { ImportRows } from "./import-rows";

/** Chooses a file, shows what it holds, and stores its sound rows. */
export function ImportForm({ resource }: { resource: Resource }) {
  const id = useId();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const check = useMutation({ mutationFn: (chosen: File) => checked(resource, chosen) });
  const store = useMutation({
    mutationFn: (chosen: File) => sendFile(resource, chosen, true),
    onSuccess: () => client.invalidateQueries(),
  });
  const choose = (chosen: File | null) => {
    setFile(chosen);
    check.reset();
    store.reset();
    if (chosen) check.mutate(chosen);
  };
  const error = check.error ?? store.error;
  const report = store.data ?? check.data;
  const columns = resource.fields.filter((field) => !field.computed);
  return (
    <div className="grid gap-5">
      <div className="grid gap-1.5 rounded-xl border bg-surface p-5 shadow-xs">
        <label htmlFor={id} className="text-sm font-medium">
          File
        </label>
        <Input
          id={id}
          type="file"
          accept=".csv,.tsv,.txt,.json,text/csv,application/json"
          className="h-auto py-2"
          aria-describedby={`${id}-hint`}
          onChange={(event) => choose(event.target.files?.[0] ?? null)}
        />
        <p id={`${id}-hint`} className="text-xs text-muted-foreground">
          The first line names the columns: {columns.map((field) => field.label + (field.required ? " (required)" : "")).join(", ")}.
        </p>
      </div>
      {check.isPending && <p className="text-sm text-muted-foreground">Reading the file…</p>}
      {error && (
        <p role="alert" className="rounded-lg bg-danger/10 px-3 py-2 text-sm text-danger">
          {error.message}
        </p>
      )}
      {report && <Summary resource={resource} report={report} isStored={store.isSuccess} isStoring={store.isPending} onStore={() => file && store.mutate(file)} />}
      {report && report.rows.length > 0 && <ImportRows report={report} isStored={store.isSuccess} />}
    </div>
  );
}

async function checked(resource: Resource, file: File): Promise<ImportReport> {
  if (file.size > MAX_BYTES) throw new Error("The file is larger than 5 MB. Please split it into several files.");
  return sendFile(resource, file, false);
}

function counted(resource: Resource, count: number): string {
  return `${count} ${inSentence(count === 1 ? resource.label : resource.labelPlural)}`;
}

interface SummaryProps {
  resource: Resource;
  report: ImportReport;
  isStored: boolean;
  isStoring: boolean;
  onStore: () => void;
}

function Summary({ resource, report, isStored, isStoring, onStore }: SummaryProps) {
  const faulty = report.total - report.sound;
  const rows = faulty === 1 ? "One row has errors and" : `${faulty} rows have errors and`;
  const were = faulty === 1 ? "was" : "were";
  const left = faulty === 0 ? "" : ` ${rows} ${isStored ? were : "will be"} left out.`;
  return (
    <div className="grid gap-2" role="status">
      <p className="text-sm">
        {isStored ? `${counted(resource, report.stored)} imported.` : `${report.sound} of ${report.total} ${report.total === 1 ? "row" : "rows"} can be imported.`}
        {left}
      </p>
      {report.note && <p className="text-sm text-muted-foreground">{report.note}</p>}
      {report.unknown.length > 0 && (
        <p className="text-sm text-muted-foreground">Left out, because {inSentence(resource.labelPlural)} have no such field: {report.unknown.join(", ")}.</p>
      )}
      <div>
        {isStored ? (
          <Link href={`/${resource.slug}`} className={buttonClass({ variant: "outline" })}>
            Show {inSentence(resource.labelPlural)}
          </Link>
        ) : (
          <Button type="button" disabled={report.sound === 0 || isStoring} onClick={onStore}>
            {isStoring ? "Importing…" : `Import ${counted(resource, report.sound)}`}
          </Button>
        )}
      </div>
    </div>
  );
}
