import { useQueries } from "@tanstack/react-query";
import { ConfirmDialog } from "@/components/ui/dialog";
import { titleOf } from "@/lib/format";
import { type Entry, inSentence, type Resource } from "@/lib/resource";
import { useRecordActions } from "./use-record-actions";

interface Effects {
  /** ", and with it 3 line items": what is deleted together with a record. */
  along: string;
  /** "2 recipes stay and only lose their link to it.": what only refers to it. */
  unlinked: string;
}

function useEffects(resource: Resource, id: string): Effects {
  const children = resource.children().filter((child) => child.goesAlong || child.unlinks);
  const counts = useQueries({
    queries: children.map(({ resource: part, param }) => ({
      queryKey: [part.slug, "along", param, id],
      queryFn: ({ signal }: { signal: AbortSignal }) => part.api.list({ [param]: id, page_size: 1 }, { signal }),
    })),
  });
  const told = (unlinks: boolean) =>
    children.flatMap(({ resource: part, unlinks: one }, index) => {
      const total = counts[index].data?.total ?? 0;
      return total === 0 || (one === true) !== unlinks ? [] : [`${total} ${inSentence(total === 1 ? part.label : part.labelPlural)}`];
    });
  const [along, unlinked] = [told(false), told(true)];
  return {
    along: along.length === 0 ? "" : `, and with it ${along.join(" and ")}`,
    unlinked: unlinked.length === 0 ? "" : ` What refers to it stays, without the link: ${unlinked.join(" and ")}.`,
  };
}

interface DeleteDialogProps {
  resource: Resource;
  record: Entry;
  onClose: () => void;
  onDeleted?: () => void;
}

export function DeleteDialog({ resource, record, onClose, onDeleted }: DeleteDialogProps) {
  const { remove } = useRecordActions(resource);
  const { along, unlinked } = useEffects(resource, record.id);
  return (
    <ConfirmDialog
      title={`Delete ${inSentence(resource.label)}?`}
      description={`“${titleOf(resource, record)}” will be deleted for good${along}.${unlinked} This cannot be undone.`}
      action="Delete"
      isPending={remove.isPending}
      onClose={onClose}
      onConfirm={() => remove.mutate(record.id, { onSuccess: () => onDeleted?.(), onSettled: onClose })}
    />
  );
}
