import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useId, useState } from "react";
import { Checkbox, Input } from "@/components/ui/input";
import { titleOf } from "@/lib/format";
import { type Field, inSentence, type Resource } from "@/lib/resource";
import { orderOf } from "./reference-select";
import { useDelayed } from "./use-delayed";

const SHOWN = 100;
const FEW = 8;

interface ReferencesInputProps {
  field: Field;
  value: string[];
  /** What people read of the records that are chosen already, by their ids. */
  titles: { [id: string]: string };
  error?: string;
  onChange: (value: string[]) => void;
}

/** Chooses any number of other records: a checkbox each, those that are chosen first. */
export function ReferencesInput({ field, value, titles, error, onChange }: ReferencesInputProps) {
  const id = useId();
  const target = (field.target as () => Resource)();
  const [text, setText] = useState("");
  const [first] = useState(value);
  const words = useDelayed(text);
  const options = useQuery({
    queryKey: [target.slug, "options", words],
    queryFn: ({ signal }) => target.api.list({ q: words, sort: orderOf(target), page_size: SHOWN }, { signal }),
  });
  const items = (options.data?.items ?? []).map((item) => ({ id: item.id, title: titleOf(target, item) }));
  const kept = words === "" ? first.map((one) => ({ id: one, title: items.find((item) => item.id === one)?.title ?? titles[one] ?? "…" })) : [];
  const shown = [...kept, ...items.filter((item) => !kept.some((one) => one.id === item.id))];
  const nouns = inSentence(target.labelPlural);
  const toggle = (one: string, isChosen: boolean) => onChange(isChosen ? [...value, one] : value.filter((other) => other !== one));
  return (
    <fieldset className="grid min-w-0 gap-1.5" aria-describedby={error ? `${id}-message` : undefined}>
      <legend className="mb-1.5 text-sm font-medium">
        {field.label}
        {value.length > 0 && <span className="font-normal text-muted-foreground"> ({value.length})</span>}
      </legend>
      {(words !== "" || text !== "" || (options.data?.total ?? 0) > FEW) && (
        <Input value={text} onChange={(event) => setText(event.target.value)} placeholder={`Find ${nouns}`} aria-label={`Find ${nouns}`} />
      )}
      <div className="grid max-h-48 gap-0.5 overflow-y-auto rounded-lg border p-1.5">
        {shown.map((item) => (
          <label key={item.id} className="flex items-center gap-2.5 rounded-md px-1.5 py-1 text-sm hover:bg-muted/60">
            <Checkbox checked={value.includes(item.id)} onChange={(event) => toggle(item.id, event.target.checked)} />
            <span className="min-w-0 break-words">{item.title}</span>
          </label>
        ))}
        {options.isPending && <p className="px-1.5 py-1 text-sm text-muted-foreground">Loading…</p>}
        {options.isSuccess && shown.length === 0 && (
          <p className="px-1.5 py-1 text-sm text-muted-foreground">
            {words !== "" ? (
              `No ${nouns} match.`
            ) : (
              <>
                There are no {nouns} yet.{" "}
                <Link href={`/${target.slug}`} className="text-primary underline underline-offset-4">
                  Add one first
                </Link>
              </>
            )}
          </p>
        )}
        {options.isError && <p className="px-1.5 py-1 text-sm text-danger">{options.error.message}</p>}
      </div>
      {(options.data?.total ?? 0) > SHOWN && <p className="text-xs text-muted-foreground">The first {SHOWN} are shown; look for others by their name.</p>}
      {error && (
        <p id={`${id}-message`} role="alert" className="text-sm text-danger">
          {error}
        </p>
      )}
    </fieldset>
  );
}
