import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { type ComponentProps, useState } from "react";
import { Input, Select } from "@/components/ui/input";
import { useDelayed } from "@/components/records/use-delayed";
import { titleOf } from "@/lib/format";
import { type Field, inSentence, type Resource } from "@/lib/resource";

interface OptionsProps extends ComponentProps<"select"> {
  field: Field;
  current?: string;
  currentTitle?: string;
  emptyLabel?: string;
}

/** Newest first, unless the records have a title to order them by. */
export function orderOf(target: Resource): string {
  return target.sorts.includes(target.title) ? target.title : "-created_at";
}

/** Chooses another record by its title. Long lists get a box to narrow them down. */
export function ReferenceSelect({ field, current, currentTitle, emptyLabel, ...props }: OptionsProps) {
  const target = (field.target as () => Resource)();
  const [text, setText] = useState("");
  const words = useDelayed(text);
  const options = useQuery({
    queryKey: [target.slug, "options", words],
    queryFn: ({ signal }) => target.api.list({ q: words, sort: orderOf(target), page_size: 100 }, { signal }),
  });
  const items = options.data?.items ?? [];
  const isLong = (options.data?.total ?? 0) > 100 || words !== "";
  const empty = emptyLabel ?? (options.isPending ? "Loading…" : field.required ? "Choose…" : "None");
  return (
    <div className="grid gap-1.5">
      {isLong && (
        <Input
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder={`Find ${inSentence(target.labelPlural)}`}
          aria-label={`Find ${inSentence(target.labelPlural)}`}
        />
      )}
      <Select key={options.isSuccess ? "ready" : "loading"} {...props}>
        <option value="">{empty}</option>
        {current && !items.some((item) => item.id === current) && <option value={current}>{currentTitle ?? "…"}</option>}
        {items.map((item) => (
          <option key={item.id} value={item.id}>
            {titleOf(target, item)}
          </option>
        ))}
      </Select>
      {options.isSuccess && items.length === 0 && words === "" && emptyLabel === undefined && (
        <p className="text-xs text-muted-foreground">
          There are no {inSentence(target.labelPlural)} yet.{" "}
          <Link href={`/${target.slug}`} className="text-primary underline underline-offset-4">
            Add one first
          </Link>
        </p>
      )}
      {options.isError && <p className="text-xs text-danger">{options.error.message}</p>}
    </div>
  );
}
