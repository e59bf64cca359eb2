// An old version as it was: the app, running beside the present one, and its files. Nothing is switched by looking.

import { useQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { useState } from "react";
import { api, projectUrl, taken, type Schemas } from "../../shared/api/client";
import { projectKey } from "../../shared/run/queries";
import { AppFrame } from "../../shared/ui/app-frame";
import { Button } from "../../shared/ui/button";
import { Dialog } from "../../shared/ui/dialog";
import { Loading, Trouble } from "../../shared/ui/empty";
import { useVersionPreview } from "./use-version-preview";

type Version = Schemas["VersionOut"];
type Props = { id: string; version: Version; isBusy: boolean; onClose: () => void; onRestore: () => void };

const SIDES = [["app", "App"], ["files", "Files"]] as const;

export function Look({ id, version, isBusy, onClose, onRestore }: Props) {
  const [side, setSide] = useState<"app" | "files">("app");
  return (
    <Dialog size="large" title={`Version ${version.version}: ${version.title}`} onClose={onClose}>
      <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
        <div role="group" aria-label="What to look at" className="flex rounded-lg bg-sunk p-0.5">
          {SIDES.map(([name, title]) => (
            <button key={name} type="button" aria-pressed={side === name} onClick={() => setSide(name)} className="h-7 rounded-md px-2.5 text-sm text-soft hover:text-ink aria-pressed:bg-paper aria-pressed:text-ink">{title}</button>
          ))}
        </div>
        <p className="min-w-0 flex-1 basis-56 text-sm text-soft">{side === "app" ? "It runs on its own, with nothing entered yet. What you do here does not reach your app." : "Nothing is switched by looking."}</p>
        <Button small disabled={isBusy} title={isBusy ? "Wait until the work under way has ended" : undefined} onClick={onRestore}><RotateCcw size={14} aria-hidden />Go back to this version</Button>
      </div>
      <div className="h-[70vh]">
        {/* It goes on behind the files: it would begin anew. */}
        <div className="h-full" hidden={side !== "app"}><Running id={id} version={version.version} /></div>
        {side === "files" ? <Files id={id} version={version.version} /> : null}
      </div>
    </Dialog>
  );
}

function Running({ id, version }: { id: string; version: number }) {
  const { url, problem, again } = useVersionPreview(id, version);
  return (
    <div className="h-full overflow-hidden rounded-lg border border-line bg-sunk">
      {problem ? <div className="p-3"><Trouble action={<Button small onClick={again}>Try again</Button>}>{problem}</Trouble></div>
        : url ? <AppFrame address={url} title={`The app of version ${version}`} /> : <Loading what="Starting this version" />}
    </div>
  );
}

function Files({ id, version }: { id: string; version: number }) {
  const [path, setPath] = useState("");
  const files = useQuery({
    queryKey: [...projectKey(id, "version"), version],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/versions/{version}/files", { params: { path: { project_id: id, version } } })),
  });
  const text = useQuery({
    queryKey: [...projectKey(id, "version"), version, path], enabled: path !== "",
    queryFn: async () => {
      const response = await fetch(`${projectUrl(id)}/versions/${version}/files/${path.split("/").map(encodeURIComponent).join("/")}`);
      if (!response.ok) throw new Error("This file cannot be read.");
      return response.headers.get("content-type")?.startsWith("text/") ? response.text() : null;
    },
  });
  if (files.error) return <Trouble action={<Button small onClick={() => void files.refetch()}>Try again</Button>}>{files.error.message}</Trouble>;
  return (
    <div className="grid h-full gap-3 sm:grid-cols-[16rem_minmax(0,1fr)] max-sm:grid-rows-[10rem_minmax(0,1fr)]">
      <ul className="overflow-auto rounded-lg border border-line py-1 font-mono text-xs" tabIndex={0} aria-label="Files of this version">
        {files.data?.files.map((file) => (
          <li key={file.path}><button type="button" aria-current={file.path === path ? "true" : undefined} title={file.path} onClick={() => setPath(file.path)} className="block w-full truncate px-2 py-1 text-left hover:bg-hover aria-[current]:bg-tint focus-visible:-outline-offset-2">{file.path}</button></li>
        ))}
      </ul>
      <pre className="overflow-auto rounded-lg bg-sunk p-3 font-mono text-xs" tabIndex={0} aria-label={path || "No file chosen"}>{path === "" ? "Choose a file." : text.error ? text.error.message : text.isLoading ? "Opening…" : (text.data ?? "This file is no text.").slice(0, 300_000)}</pre>
    </div>
  );
}
