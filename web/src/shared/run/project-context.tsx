// The open project, for every part of its page.

import { createContext, useContext } from "react";
import { useStore } from "zustand";
import type { ProjectStore, ProjectView } from "./project-store";

const Context = createContext<ProjectStore | null>(null);

export const ProjectProvider = Context.Provider;

export function useProject(): ProjectStore {
  const store = useContext(Context);
  if (!store) throw new Error("There is no project around this component.");
  return store;
}

// A part of what is shown; the component draws again only when that part changes.
export function useProjectView<T>(select: (view: ProjectView) => T): T {
  return useStore(useProject(), select);
}
