"use client";

import { type SyntheticEvent, useState } from "react";
import { send } from "@/lib/send";
import { useSend } from "@/lib/use-send";

export default function ImportPage() {
  const { run, isSending, trouble } = useSend();
  const [added, setAdded] = useState<number | null>(null);

  async function upload(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const file = new FormData(form);
    setAdded(null);
    const isDone = await run(async () => {
      const answer = await send<{ added: number }>("POST", "/tools/import", file);
      setAdded(answer.added);
    }, "The file was imported.");
    if (isDone) form.reset();
  }

  return (
    <>
      <h1>Import tools</h1>
      <p>
        A CSV file with the columns <code>name,shelf,deposit,tags</code>; tags are separated by semicolons.
      </p>
      <form className="fields" onSubmit={(event) => void upload(event)}>
        <label>
          CSV file
          <input type="file" name="file" accept=".csv,text/csv" required />
        </label>
        <button type="submit" className="main" disabled={isSending}>
          Import
        </button>
      </form>
      {trouble && <p role="alert">{trouble}</p>}
      {added !== null && <p role="status">{`${added} tools were imported.`}</p>}
    </>
  );
}
