"use client";

import { useRouter } from "next/navigation";
import { type SyntheticEvent, useState } from "react";
import { ToolFields, toolIn } from "@/components/tool-fields";
import { send } from "@/lib/send";
import type { Tool } from "@/lib/types";
import { useSend } from "@/lib/use-send";

export function ToolEditor({ tool }: { tool: Tool }) {
  const router = useRouter();
  const { run, isSending, trouble } = useSend();
  const [isOpen, setOpen] = useState(false);
  const path = `/tools/${tool.key}`;

  async function save(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    const change = toolIn(event.currentTarget);
    if (await run(() => send("PATCH", path, change), "Saved.")) setOpen(false);
  }

  async function retire() {
    if (!window.confirm(`Retire ${tool.name}? It cannot be borrowed any more.`)) return;
    await run(() => send("POST", `${path}/retire`), `${tool.name} is retired.`);
  }

  async function remove() {
    if (!window.confirm(`Delete ${tool.name}?`)) return;
    if (await run(() => send("DELETE", path), `${tool.name} is deleted.`)) router.replace("/");
  }

  return (
    <section aria-label="Change">
      {isOpen ? (
        <form className="fields" onSubmit={(event) => void save(event)}>
          <ToolFields tool={tool} />
          <button type="submit" className="main" disabled={isSending}>
            Save
          </button>
          <button type="button" onClick={() => setOpen(false)}>
            Cancel
          </button>
        </form>
      ) : (
        <p className="actions">
          <button type="button" onClick={() => setOpen(true)}>
            Edit
          </button>
          {!tool.isRetired && !tool.outUntil && (
            <button type="button" disabled={isSending} onClick={() => void retire()}>
              Retire
            </button>
          )}
          <button type="button" disabled={isSending} onClick={() => void remove()}>
            Delete
          </button>
        </p>
      )}
      {trouble && <p role="alert">{trouble}</p>}
    </section>
  );
}
