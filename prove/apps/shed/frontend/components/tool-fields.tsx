import type { Tool } from "@/lib/types";
import { centsOf, tagsOf } from "@/lib/words";

export function ToolFields({ tool }: { tool?: Tool }) {
  return (
    <>
      <label>
        Name
        <input name="name" required maxLength={80} defaultValue={tool?.name} />
      </label>
      <label>
        Shelf
        <input name="shelf" maxLength={20} defaultValue={tool?.shelf} />
      </label>
      <label>
        Deposit in €
        <input name="deposit" inputMode="decimal" pattern="[0-9]{1,4}([.,][0-9]{1,2})?" title="For example 12.50" defaultValue={tool ? (tool.depositCents / 100).toFixed(2) : "0"} />
      </label>
      <label>
        Tags
        <input name="tags" maxLength={300} placeholder="garden, power" defaultValue={tool?.tags.join(", ")} />
      </label>
    </>
  );
}

/** What was typed into the fields, as the API takes it. */
export function toolIn(form: HTMLFormElement) {
  const typed = new FormData(form);
  const text = (name: string) => String(typed.get(name) ?? "");
  return { name: text("name"), shelf: text("shelf"), depositCents: centsOf(text("deposit")), tags: tagsOf(text("tags")) };
}
