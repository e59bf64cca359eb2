// Every file of the app, to read and to change beside the builder.

import { Braces, PanelLeft, Save, X } from "lucide-react";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { Group, Panel, Separator } from "react-resizable-panels";
import { useStore } from "zustand";
import { useFiles } from "../../shared/files/files-api";
import { hashOf, partialText, placeOfHash } from "../../shared/files/paths";
import { useProjectView } from "../../shared/run/project-context";
import { liveTurn } from "../../shared/run/project-store";
import type { Turn } from "../../shared/run/turn";
import { Button, IconButton } from "../../shared/ui/button";
import { Empty, Loading, Trouble } from "../../shared/ui/empty";
import { useMedia } from "../../shared/ui/use-media";
import { Explorer } from "./explorer";
import { createOpenFiles, isChanged, type OpenFile, type OpenFilesStore } from "./open-files";

const Editor = lazy(() => import("./editor"));

// What is open and not yet saved survives a look at another tab.
const known = new Map<string, OpenFilesStore>();
const openFilesOf = (id: string): OpenFilesStore => {
  const found = known.get(id) ?? createOpenFiles(id);
  known.set(id, found);
  return found;
};

export default function CodeTab() {
  const id = useProjectView((view) => view.id);
  const live = useProjectView(liveTurn);
  const opened = useMemo(() => openFilesOf(id), [id]);
  const { files, active } = useStore(opened.store);
  const beat = live ? live.items.reduce((sum, item) => sum + (item.kind === "step" && item.state !== "active" ? 1 : 0), 0) : -1;
  const { data, error, refetch } = useFiles(id, beat);
  const [follows, setFollows] = useState(true);
  const isNarrow = useMedia("(max-width: 699px)");
  const [isListShown, setListShown] = useState(true);
  const writing = live?.writing?.path ?? null;
  const paths = useMemo(() => (data?.files ?? []).map((file) => file.path), [data]);
  useEffect(() => { if (data) opened.compare(new Map(data.files.map((file) => [file.path, file.sha256]))); }, [data, opened]);
  useHashPlace(opened, active);
  useUnsavedWarning(files);
  useEffect(() => { if (isNarrow && active) setListShown(false); }, [isNarrow, active]);
  const streamed = useFollowed(live, follows);
  const growing = live?.writing && partialText(live.writing.json, "content") !== null ? writing : null;
  if (error && !data) return <div className="p-4"><Trouble action={<Button small onClick={() => void refetch()}>Try again</Button>}>{error.message}</Trouble></div>;
  if (!data) return <Loading what="Loading the files" />;
  if (!paths.length && !writing) return <Empty icon={<Braces size={20} />} title="No files yet">The files of your app appear here as they are written. You can read and change every one of them.</Empty>;

  const explorer = <Explorer id={id} paths={writing && !paths.includes(writing) ? [...paths, writing] : paths} active={streamed?.path ?? active} writing={writing} streamed={growing} opened={opened} onOpened={(isFollowed) => { setFollows(isFollowed); if (isNarrow) setListShown(false); }} />;
  const work = (
    <div className="grid h-full min-h-0 grid-rows-[auto_minmax(0,1fr)] bg-paper">
      <div className="flex min-w-0 items-center border-b border-line">
        {isNarrow ? <IconButton label="Show the files" onClick={() => setListShown(true)}><PanelLeft size={16} /></IconButton> : null}
        <OpenTabs files={files} active={streamed ? null : active} opened={opened} onShow={() => setFollows(false)} />
        {live ? <label className="flex shrink-0 items-center gap-1.5 px-3 text-sm text-soft"><input type="checkbox" checked={follows} onChange={(event) => setFollows(event.target.checked)} className="accent-accent" />Follow the builder</label> : null}
      </div>
      <Suspense fallback={<Loading what="Loading the editor" />}>
        {streamed ? <Streamed {...streamed} /> : <ActiveFile opened={opened} writing={writing} />}
      </Suspense>
    </div>
  );
  if (isNarrow) return isListShown ? explorer : work;
  return (
    <Group orientation="horizontal">
      <Panel id="files" defaultSize="240px" minSize="160px" maxSize="50%">{explorer}</Panel>
      <Separator aria-label="Width of the list of files" className="w-px bg-line transition-colors hover:bg-accent data-[separator=drag]:bg-accent" />
      <Panel id="editor" minSize="200px">{work}</Panel>
    </Group>
  );
}

function OpenTabs({ files, active, opened, onShow }: { files: OpenFile[]; active: string | null; opened: OpenFilesStore; onShow: () => void }) {
  const [leaving, setLeaving] = useState<string | null>(null);
  return (
    <ul aria-label="Open files" className="flex h-9 min-w-0 flex-1 overflow-x-auto [scrollbar-width:none]">
      {files.map((file) => (
        <li key={file.path} className={`group flex shrink-0 items-center gap-1 border-r border-line pr-1 text-sm ${file.path === active ? "bg-sunk" : ""}`}>
          <button type="button" aria-current={file.path === active ? "true" : undefined} title={file.path} onClick={() => { opened.show(file.path); onShow(); }} className="h-full max-w-48 truncate pl-3 focus-visible:-outline-offset-2">
            {file.path.slice(file.path.lastIndexOf("/") + 1)}{isChanged(file) ? <span title="Not saved" className="text-accent"> •<span className="sr-only"> not saved</span></span> : null}
          </button>
          <IconButton label={`Close ${file.path}`} className="!size-6" onClick={() => { if (isChanged(file) && leaving !== file.path) setLeaving(file.path); else { setLeaving(null); opened.close(file.path); } }}>
            {leaving === file.path ? <span className="text-xs text-bad">sure?</span> : <X size={12} />}
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

type Followed = { path: string; text: string; isGrowing: boolean };

// The file that the builder writes as a whole; then the last one, until the work ends.
function useFollowed(live: Turn | undefined, follows: boolean): Followed | null {
  const last = useRef<Followed | null>(null);
  const { path, json } = live?.writing ?? { path: null, json: "" };
  const text = path === null ? null : partialText(json, "content");
  if (path !== null && text !== null) last.current = { path, text, isGrowing: true };
  else if (!live) last.current = null;
  else if (last.current) last.current = { ...last.current, isGrowing: false };
  return follows ? last.current : null;
}

function Streamed({ path, text, isGrowing }: Followed) {
  return (
    <div className="grid h-full min-h-0 grid-rows-[auto_minmax(0,1fr)]">
      <p className="truncate border-b border-line px-3 py-1 text-sm text-accent">{isGrowing ? <span className="breathe">The builder is writing</span> : "The builder wrote"} {path}</p>
      <Editor path={path} text={text} isReadOnly follows line={null} onChange={() => undefined} onSave={() => undefined} />
    </div>
  );
}

function ActiveFile({ opened, writing }: { opened: OpenFilesStore; writing: string | null }) {
  const { files, active, line } = useStore(opened.store);
  const file = files.find((one) => one.path === active);
  if (!file) return <Empty icon={<Braces size={20} />} title="Choose a file">You can change it here. It is saved with the same care as the builder’s own edits, and your app follows.</Empty>;
  if (file.state === "loading") return <Loading what="Opening" />;
  if (file.text === null) return <Empty title="This file cannot be shown">{file.problem || `It is no text (${Math.ceil(file.size / 1000)} kB). You can download it.`}</Empty>;
  const isHeld = writing === file.path;
  return (
    <div className="grid h-full min-h-0 grid-rows-[auto_minmax(0,1fr)]">
      <div>
        <div className="flex min-w-0 items-center gap-2 border-b border-line px-3 py-1 text-sm">
          <span className="min-w-0 flex-1 truncate font-mono text-xs text-soft" title={file.path}>{file.path}</span>
          {isHeld ? <span className="text-accent">The builder is writing this file</span> : null}
          <Button small disabled={!isChanged(file) || isHeld || file.state === "saving"} title="Ctrl+S" onClick={() => void opened.save(file.path)}><Save size={14} aria-hidden />{file.state === "saving" ? "Saving…" : isChanged(file) ? "Save" : "Saved"}</Button>
        </div>
        {file.problem ? (
          <div className="p-2"><Trouble action={file.theirs ? <><Button small onClick={() => opened.takeTheirs(file.path)}>Show the new text</Button><Button small onClick={() => void opened.keepMine(file.path)}>Save mine over it</Button></> : undefined}>{file.problem}</Trouble></div>
        ) : null}
      </div>
      <Editor key={`${file.path}-${line?.at ?? 0}`} path={file.path} text={file.draft ?? file.text} isReadOnly={isHeld} line={line?.number ?? null}
        onChange={(text) => opened.edit(file.path, text)} onSave={() => void opened.save(file.path)} />
    </div>
  );
}

// `#path:line` opens a place, and the address names the file that is open.
function useHashPlace(opened: OpenFilesStore, active: string | null) {
  useEffect(() => {
    const go = () => { const place = placeOfHash(location.hash); if (place && (place.line !== null || place.path !== opened.store.getState().active)) opened.open(place.path, place.line); };
    go();
    window.addEventListener("hashchange", go);
    return () => window.removeEventListener("hashchange", go);
  }, [opened]);
  useEffect(() => {
    if (active && placeOfHash(location.hash)?.path !== active) history.replaceState(history.state, "", location.pathname + location.search + hashOf(active));
  }, [active]);
}

function useUnsavedWarning(files: OpenFile[]) {
  const isUnsaved = files.some(isChanged);
  useEffect(() => {
    if (!isUnsaved) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isUnsaved]);
}
