// What is known of a project beside its events: kept by TanStack Query, asked anew when a turn ends.

import { useQuery } from "@tanstack/react-query";
import { useProjectView } from "./project-context";
import { api, taken, USER, type Schemas } from "../api/client";

export const projectKey = (id: string, part: string) => ["project", id, part] as const;

export function useProjectState(id: string, every: (known: Schemas["StateOut"] | undefined) => number = () => 15_000) {
  // A project that a first message is making is not there yet.
  const isThere = useProjectView((view) => view.phase === "ready");
  return useQuery({
    queryKey: projectKey(id, "state"),
    enabled: isThere,
    queryFn: () => taken(api.GET("/api/projects/{project_id}/state", { params: { path: { project_id: id } } })),
    refetchInterval: (query) => every(query.state.data),
  });
}

export function useWishes(id: string) {
  return useQuery({
    queryKey: projectKey(id, "wishes"),
    queryFn: () => taken(api.GET("/api/projects/{project_id}/wishes", { params: { path: { project_id: id } } })),
  });
}

export function useQueue(id: string, isBusy: boolean) {
  return useQuery({
    queryKey: projectKey(id, "queue"),
    queryFn: () => taken(api.GET("/api/projects/{project_id}/queue", { params: { path: { project_id: id } } })),
    enabled: isBusy,
    refetchInterval: isBusy ? 5_000 : false,
  });
}

export function useEstimate(project?: string, model = "") {
  const query = { ...(project ? { project_id: project } : { user_id: USER }), model: model || undefined };
  return useQuery({
    queryKey: ["estimate", project ?? "new", model],
    queryFn: () => taken(api.GET("/api/estimate", { params: { query } })),
    staleTime: 60_000,
  });
}
