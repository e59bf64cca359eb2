import { ConfirmDialog } from "@/components/ui/dialog";
import { titleOf } from "@/lib/format";
import { type Entry, inSentence, type Resource } from "@/lib/resource";
import { useRecordActions } from "./use-record-actions";

interface DeleteDialogProps {
  resource: Resource;
  record: Entry;
  onClose: () => void;
  onDeleted?: () => void;
}

export function DeleteDialog({ resource, record, onClose, onDeleted }: DeleteDialogProps) {
  const { remove } = useRecordActions(resource);
  return (
    <ConfirmDialog
      title={`Delete ${inSentence(resource.label)}?`}
      description={`“${titleOf(resource, record)}” will be deleted for good. This cannot be undone.`}
      action="Delete"
      isPending={remove.isPending}
      onClose={onClose}
      onConfirm={() => remove.mutate(record.id, { onSuccess: () => onDeleted?.(), onSettled: onClose })}
    />
  );
}
