// The files as a tree: arrows move, Enter opens, a menu renames, deletes and downloads.

import * as DropdownMenu from "@radix-ui/react-dropdown-menu";
import { ChevronRight, Ellipsis, FileText, Folder } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { foldersAbove, rowsOf, type Node, type Row } from "../../shared/files/paths";

type Props = {
  tree: Node[]; filter: string; active: string | null; writing: string | null;
  onOpen: (path: string) => void; onRename: (node: Node) => void; onDelete: (node: Node) => void; onDownload: (path: string) => void;
};
const ITEM = "cursor-pointer rounded-md px-2 py-1 text-sm outline-none data-[highlighted]:bg-hover";
const SHOWN = 2000;

export function Tree({ tree, filter, active, writing, ...act }: Props) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [focused, setFocused] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const wanted = [...foldersAbove(active ?? ""), ...foldersAbove(writing ?? "")];
    if (wanted.length) setOpen((before) => new Set([...before, ...wanted]));
  }, [active, writing]);
  const rows = rowsOf(tree, open, filter).slice(0, SHOWN);
  const current = rows.some((row) => row.node.path === focused) ? focused : (rows[0]?.node.path ?? null);
  const toggle = (path: string, to?: boolean) => setOpen((before) => {
    const next = new Set(before);
    if (to ?? !next.has(path)) next.add(path); else next.delete(path);
    return next;
  });
  const choose = ({ node }: Row) => (node.folder ? toggle(node.path) : act.onOpen(node.path));
  const focus = (path: string) => {
    setFocused(path);
    list.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`)?.focus();
  };
  const pressed = (event: KeyboardEvent, row: Row) => {
    const at = rows.indexOf(row);
    const { path, folder } = row.node;
    const moves: Record<string, () => void> = {
      ArrowDown: () => focus(rows[at + 1]?.node.path ?? path), ArrowUp: () => focus(rows[at - 1]?.node.path ?? path),
      Home: () => focus(rows[0]?.node.path ?? path), End: () => focus(rows.at(-1)?.node.path ?? path),
      ArrowRight: () => (folder && !row.isOpen ? toggle(path, true) : focus(rows[at + 1]?.node.path ?? path)),
      ArrowLeft: () => (folder && row.isOpen ? toggle(path, false) : focus(foldersAbove(path).at(-1) ?? path)),
      Enter: () => choose(row), " ": () => choose(row), F2: () => act.onRename(row.node), Delete: () => act.onDelete(row.node),
    };
    const move = moves[event.key];
    if (!move || event.target !== event.currentTarget) return;
    event.preventDefault();
    move();
  };
  return (
    <ul ref={list} role="tree" aria-label="Files" className="py-1 text-sm">
      {rows.map((row) => (
        <li key={row.node.path} role="treeitem" aria-level={row.level + 1} aria-expanded={row.node.folder ? row.isOpen : undefined} aria-selected={row.node.path === active}
          aria-label={row.node.name} data-path={row.node.path} tabIndex={row.node.path === current ? 0 : -1}
          onKeyDown={(event) => pressed(event, row)} onFocus={() => setFocused(row.node.path)} onClick={() => choose(row)}
          className={`group flex h-7 min-w-0 cursor-pointer items-center gap-1 pr-1 focus-visible:-outline-offset-2 ${row.node.path === active ? "bg-tint" : "hover:bg-hover"}`}>
          <Indent level={row.level} />
          {row.node.folder ? <ChevronRight size={14} aria-hidden className={`shrink-0 text-soft transition-transform ${row.isOpen ? "rotate-90" : ""}`} /> : <span className="w-3.5 shrink-0" />}
          {row.node.folder ? <Folder size={14} aria-hidden className="shrink-0 text-soft" /> : <FileText size={14} aria-hidden className="shrink-0 text-soft" />}
          <span className="min-w-0 flex-1 truncate" title={row.node.path}>{row.node.name}</span>
          {row.node.path === writing ? <span className="breathe shrink-0 text-xs text-accent">writing</span> : null}
          <Menu node={row.node} {...act} />
        </li>
      ))}
    </ul>
  );
}

const Indent = ({ level }: { level: number }) => <>{Array.from({ length: level + 1 }, (_, index) => <span key={index} aria-hidden className={index ? "w-3.5 shrink-0" : "w-1 shrink-0"} />)}</>;

function Menu({ node, onRename, onDelete, onDownload }: { node: Node } & Pick<Props, "onRename" | "onDelete" | "onDownload">) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger tabIndex={-1} aria-label={`More about ${node.name}`} onClick={(event) => event.stopPropagation()}
        className="grid size-6 shrink-0 place-items-center rounded-md text-soft opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 hover:bg-sunk data-[state=open]:opacity-100 pointer-coarse:opacity-100">
        <Ellipsis size={14} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" className="z-10 min-w-32 rounded-lg border border-line bg-paper p-1 shadow-float" onClick={(event) => event.stopPropagation()}>
          <DropdownMenu.Item className={ITEM} onSelect={() => onRename(node)}>Rename</DropdownMenu.Item>
          {node.folder ? null : <DropdownMenu.Item className={ITEM} onSelect={() => onDownload(node.path)}>Download</DropdownMenu.Item>}
          <DropdownMenu.Item className={`${ITEM} text-bad`} onSelect={() => onDelete(node)}>Delete</DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
