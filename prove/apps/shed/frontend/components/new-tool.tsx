"use client";

import { type SyntheticEvent, useEffect, useRef, useState } from "react";
import { ToolFields, toolIn } from "@/components/tool-fields";
import { send } from "@/lib/send";
import { useSend } from "@/lib/use-send";

export function NewTool() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="main" onClick={() => setOpen(true)}>
        New tool
      </button>
      {isOpen && <NewToolDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function NewToolDialog({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { run, isSending, trouble } = useSend();

  useEffect(() => dialog.current?.showModal(), []);

  async function save(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    const tool = toolIn(event.currentTarget);
    if (await run(() => send("POST", "/tools", tool), `${tool.name} is in the shed.`)) onClose();
  }

  return (
    <dialog ref={dialog} aria-labelledby="new-tool" onClose={onClose}>
      <h2 id="new-tool">New tool</h2>
      <form className="fields" onSubmit={(event) => void save(event)}>
        <ToolFields />
        {trouble && <p role="alert">{trouble}</p>}
        <button type="submit" className="main" disabled={isSending}>
          Add tool
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </form>
    </dialog>
  );
}
