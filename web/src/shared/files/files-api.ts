// Files of a project as a person reads and writes them.

import { useQuery } from "@tanstack/react-query";
import { api, ApiError, projectUrl, taken, type Schemas } from "../api/client";
import { projectKey } from "../run/queries";

export type FileText = { text: string | null; sha256: string; size: number };

// The file changed since it was opened: what it says now, as far as it is short.
export class Stale extends ApiError {
  readonly now: string | null;
  readonly sha256: string | null;

  constructor(problem: { text?: string; sha256?: string }) {
    super(409, problem);
    this.now = problem.text ?? null;
    this.sha256 = problem.sha256 ?? null;
  }
}

export function useFiles(id: string, beat: unknown = null) {
  return useQuery({
    queryKey: [...projectKey(id, "files"), beat],
    queryFn: () => taken(api.GET("/api/projects/{project_id}/files", { params: { path: { project_id: id } } })),
    placeholderData: (before: Schemas["FileList"] | undefined) => before,
  });
}

const fileUrl = (id: string, path: string) => `${projectUrl(id)}/files/${path.split("/").map(encodeURIComponent).join("/")}`;

async function refuse(response: Response): Promise<never> {
  const problem = await response.json().catch(() => null) as { code?: string; text?: string; sha256?: string } | null;
  if (problem?.code === "file_changed") throw new Stale(problem);
  throw new ApiError(response.status, problem);
}

export async function readFile(id: string, path: string): Promise<FileText> {
  const response = await fetch(fileUrl(id, path), { cache: "no-store" });
  if (!response.ok) return refuse(response);
  const bytes = await response.arrayBuffer();
  const isText = response.headers.get("content-type")?.startsWith("text/") ?? false;
  return {
    text: isText ? new TextDecoder().decode(bytes) : null,
    sha256: (response.headers.get("etag") ?? "").replaceAll('"', ""), size: bytes.byteLength,
  };
}

// Without `sha256` the file must be new.
export async function writeFile(id: string, path: string, body: BodyInit, sha256?: string | null): Promise<Schemas["FileOut"]> {
  const headers: Record<string, string> = { "content-type": "application/octet-stream", ...(sha256 ? { "if-match": `"${sha256}"` } : {}) };
  const response = await fetch(fileUrl(id, path), { method: "PUT", body, headers });
  return response.ok ? (await response.json() as Schemas["FileOut"]) : refuse(response);
}

export async function deleteFile(id: string, path: string): Promise<void> {
  const response = await fetch(fileUrl(id, path), { method: "DELETE" });
  if (!response.ok) await refuse(response);
}

export const renameFile = (id: string, source: string, target: string) =>
  taken(api.POST("/api/projects/{project_id}/files/rename", { params: { path: { project_id: id } }, body: { source, target } }));

export const downloadUrl = fileUrl;
