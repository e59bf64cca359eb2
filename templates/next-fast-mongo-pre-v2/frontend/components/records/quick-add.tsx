import { Plus } from "lucide-react";
import { type SyntheticEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { inSentence, type Resource, type Values } from "@/lib/resource";
import { useRecordActions } from "./use-record-actions";

/** A line to type a title and press Enter; everything else can be filled in later. */
export function QuickAdd({ resource, fixed }: { resource: Resource; fixed: Values }) {
  const [title, setTitle] = useState("");
  const { add } = useRecordActions(resource);
  const label = `Add a ${inSentence(resource.label)}`;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const text = title.trim();
    if (text && !add.isPending) add.mutate({ [resource.title]: text, ...fixed }, { onSuccess: () => setTitle("") });
  };
  return (
    <form onSubmit={submit} className="flex items-center gap-2 border-b px-4 py-2 focus-within:bg-muted/30">
      <Plus aria-hidden className="size-5 shrink-0 p-0.5 text-muted-foreground" />
      <input
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        maxLength={300}
        placeholder={`${label}…`}
        aria-label={label}
        className="h-9 min-w-0 flex-1 bg-transparent px-1.5 text-sm outline-none placeholder:text-muted-foreground"
      />
      {title.trim() !== "" && (
        <Button type="submit" size="sm" disabled={add.isPending}>
          Add
        </Button>
      )}
    </form>
  );
}
