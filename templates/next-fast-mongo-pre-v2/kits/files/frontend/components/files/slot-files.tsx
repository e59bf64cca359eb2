import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FileText, Trash2, Upload } from "lucide-react";
import { useId } from "react";
import { toast } from "sonner";
import { Button, buttonClass } from "@/components/ui/button";
import { titleOf } from "@/lib/format";
import { ACCEPTED, fileAddress, files, type Slot, type StoredFile, thumbnailAddress, tooLarge } from "@/lib/files";
import { type Entry, inSentence, type Resource } from "@/lib/resource";
import { cn } from "@/lib/utils";

interface SlotFilesProps {
  resource: Resource;
  record: Entry;
  slot: Slot;
  items: StoredFile[];
  mayChange: boolean;
  error?: string;
}

/** The files of one slot of a record, as pictures or as a list. */
export function SlotFiles({ resource, record, slot, items, mayChange, error }: SlotFilesProps) {
  const id = useId();
  const client = useQueryClient();
  const changed = () => client.invalidateQueries({ queryKey: [resource.slug] });
  const add = useMutation({
    mutationFn: async (chosen: File[]) => {
      const told = tooLarge(chosen);
      if (told) throw new Error(told);
      for (const file of chosen) await files.add(resource, record.id, slot.name, file);
    },
    onSettled: changed,
  });
  const remove = useMutation({
    mutationFn: (file: StoredFile) => files.remove(file.id),
    onError: (problem) => toast.error(problem.message),
    onSettled: changed,
  });
  const complaint = add.error?.message ?? error;
  const noun = inSentence(slot.label);
  return (
    <section aria-label={slot.label} className="mt-8">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-base font-semibold">{slot.label}</h2>
        {mayChange && (
          <label className={cn(buttonClass({ variant: "outline", size: "sm" }), "cursor-pointer focus-within:outline-2")}>
            <Upload aria-hidden /> {add.isPending ? "Uploading…" : slot.many || items.length === 0 ? `Add ${noun}` : `Replace ${noun}`}
            <input
              id={id}
              type="file"
              accept={ACCEPTED[slot.kind]}
              multiple={slot.many}
              disabled={add.isPending}
              className="sr-only"
              onChange={(event) => {
                add.mutate([...(event.target.files ?? [])]);
                event.target.value = "";
              }}
            />
          </label>
        )}
      </div>
      {complaint && (
        <p role="alert" className="mb-3 rounded-lg bg-danger/10 px-3 py-2 text-sm text-danger">
          {complaint}
        </p>
      )}
      {items.length === 0 ? (
        <p className="text-sm text-muted-foreground">None yet.</p>
      ) : (
        <ul className={slot.kind === "picture" ? "grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-4" : "divide-y rounded-xl border bg-surface shadow-xs"}>
          {items.map((file) => (
            <li key={file.id} className={slot.kind === "picture" ? "relative" : "flex items-center gap-3 px-4 py-2.5"}>
              {slot.kind === "picture" ? (
                <Picture file={file} text={`${slot.label} of ${titleOf(resource, record)}`} />
              ) : (
                <a href={fileAddress(file.id)} download className="flex min-w-0 flex-1 items-center gap-2.5 text-sm underline-offset-4 hover:underline">
                  <FileText aria-hidden className="size-4 shrink-0 text-muted-foreground" />
                  <span className="truncate">{file.name}</span>
                  <span className="shrink-0 text-xs text-muted-foreground tabular-nums">{sizeOf(file.size)}</span>
                </a>
              )}
              {mayChange && (
                <Button
                  type="button"
                  variant={slot.kind === "picture" ? "outline" : "ghost"}
                  size="icon"
                  className={cn("hover:text-danger", slot.kind === "picture" && "absolute top-2 right-2")}
                  aria-label={`Delete ${file.name}`}
                  disabled={remove.isPending}
                  onClick={() => remove.mutate(file)}
                >
                  <Trash2 />
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Picture({ file, text }: { file: StoredFile; text: string }) {
  return (
    <a href={fileAddress(file.id)} target="_blank" rel="noreferrer" className="block overflow-hidden rounded-xl border bg-muted">
      <img src={thumbnailAddress(file.id)} alt={text} width={320} height={240} loading="lazy" className="aspect-4/3 w-full object-cover" />
    </a>
  );
}

function sizeOf(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
