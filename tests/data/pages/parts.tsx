import Link from "next/link";
import { useState } from "react";
import { AppShell, PageHeader } from "@/components/app-shell";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ConfirmDialog, Dialog } from "@/components/ui/dialog";
import { Checkbox, Input, Select, Textarea } from "@/components/ui/input";
import { EmptyState, ErrorState, LoadingRows } from "@/components/ui/states";

/** What pages do with the template's parts; the linter must have nothing against it. */
export default function Parts() {
  const [name, setName] = useState("");
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <AppShell title="Parts">
      <PageHeader title="Parts" text="All of them" actions={<Button onClick={() => setOpen(true)}>New</Button>} />
      <form onSubmit={(event) => event.preventDefault()}>
        <label htmlFor="name">Name</label>
        <Input id="name" value={name} onChange={(event) => setName(event.target.value)} autoFocus />
        <label>
          Kind
          <Select value={name} onChange={(event) => setName(event.target.value)}>
            <option>a</option>
          </Select>
        </label>
        <label>
          <Checkbox checked={isOpen} onChange={() => setOpen(!isOpen)} /> Done
        </label>
        <label>
          <span>Notes</span>
          <span>
            <span>
              <Textarea rows={3} />
            </span>
          </span>
        </label>
        <Button disabled={!name}>Save</Button>
        <Button type="button" variant="ghost" size="icon" aria-label="Close" onClick={close}>
          ×
        </Button>
      </form>
      <ul>
        <li draggable tabIndex={0} onDragStart={(event) => event.dataTransfer.setData("text", "1")}>
          <Badge tone="info">new</Badge>
        </li>
      </ul>
      <section aria-label="Board" tabIndex={0} />
      <div role="button" tabIndex={0} onClick={close} onKeyDown={(event) => event.key === "Enter" && close()}>
        Go
      </div>
      <p role="status">{name}</p>
      <img src={`/api/pictures/${name}`} alt={name} />
      <Link href="/">Home</Link>
      <a href="/api/export" download>
        Export
      </a>
      {isOpen && (
        <Dialog title="Note" onClose={close}>
          <p>Text</p>
        </Dialog>
      )}
      {isOpen && <ConfirmDialog title="Sure?" description="It is gone then." action="Delete" isPending={false} onConfirm={close} onClose={close} />}
      {name ? <EmptyState title="Empty" text="Nothing yet" /> : <ErrorState message="Broken" onRetry={close} />}
      <LoadingRows />
    </AppShell>
  );
}
