import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import type { Entry, Page, Resource, Values } from "@/lib/resource";

type Cached = Page | Entry | undefined;

/** Changing records. Titles and totals of other records may depend on them, so all data is read again. */
export function useRecordActions(resource: Resource) {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries();
  const complain = (error: Error) => toast.error(error.message);

  const change = useMutation({
    mutationFn: ({ id, values }: { id: string; values: Values }) => resource.api.update(id, values),
    onMutate: async ({ id, values }) => {
      await client.cancelQueries({ queryKey: [resource.slug] });
      client.setQueriesData<Cached>({ queryKey: [resource.slug] }, (cached) => withChange(cached, id, values));
    },
    onError: complain,
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: (id: string) => resource.api.remove(id),
    onSuccess: () => {
      toast.success(`${resource.label} deleted`);
      return refresh();
    },
    onError: complain,
  });
  const move = useMutation({
    mutationFn: ({ id, to }: { id: string; to: number }) => (resource.api.move ?? Promise.reject)(id, { to }),
    onError: complain,
    onSettled: refresh,
  });
  const add = useMutation({
    mutationFn: (values: Values) => resource.api.create(values),
    onSuccess: refresh,
    onError: complain,
  });
  return { change, remove, move, add };
}

function withChange(cached: Cached, id: string, values: Values): Cached {
  if (!cached) return cached;
  if (Array.isArray(cached.items) && typeof cached.total === "number") {
    const page = cached as Page;
    return { ...page, items: page.items.map((item) => (item.id === id ? { ...item, ...values } : item)) };
  }
  const entry = cached as Entry;
  return entry.id === id ? { ...entry, ...values } : entry;
}
