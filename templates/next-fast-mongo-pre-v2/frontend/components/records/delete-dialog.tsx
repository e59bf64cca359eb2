import { useQueries } from "@tanstack/react-query";
import { ConfirmDialog } from "@/components/ui/dialog";
import { titleOf } from "@/lib/format";
import { type Entry, inSentence, type Resource } from "@/lib/resource";
import { useRecordActions } from "./use-record-actions";

/** ", and with it 3 line items": what is deleted together with a record. */
function useGoesAlong(resource: Resource, id: string): string {
  const children = resource.children().filter((child) => child.goesAlong);
  const counts = useQueries({
    queries: children.map(({ resource: part, param }) => ({
      queryKey: [part.slug, "along", param, id],
      queryFn: ({ signal }: { signal: AbortSignal }) => part.api.list({ [param]: id, page_size: 1 }, { signal }),
    })),
  });
  const told = children.flatMap(({ resource: part }, index) => {
    const total = counts[index].data?.total ?? 0;
    return total === 0 ? [] : [`${total} ${inSentence(total === 1 ? part.label : part.labelPlural)}`];
  });
  return told.length === 0 ? "" : `, and with it ${told.join(" and ")}`;
}

interface DeleteDialogProps {
  resource: Resource;
  record: Entry;
  onClose: () => void;
  onDeleted?: () => void;
}

export function DeleteDialog({ resource, record, onClose, onDeleted }: DeleteDialogProps) {
  const { remove } = useRecordActions(resource);
  const along = useGoesAlong(resource, record.id);
  return (
    <ConfirmDialog
      title={`Delete ${inSentence(resource.label)}?`}
      description={`“${titleOf(resource, record)}” will be deleted for good${along}. This cannot be undone.`}
      action="Delete"
      isPending={remove.isPending}
      onClose={onClose}
      onConfirm={() => remove.mutate(record.id, { onSuccess: () => onDeleted?.(), onSettled: onClose })}
    />
  );
}
