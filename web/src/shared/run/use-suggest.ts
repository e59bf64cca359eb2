import { useCallback } from "react";
import { useLocation } from "wouter";
import { useMedia } from "../ui/use-media";
import { useProject } from "./project-context";

// Puts a text into the message box, and shows the conversation where it is not beside.
export function useSuggest(): (text: string) => void {
  const store = useProject();
  const [, go] = useLocation();
  const isNarrow = useMedia("(max-width: 899px)");
  return useCallback((text) => {
    store.suggest(text);
    if (isNarrow) go(`/projects/${encodeURIComponent(store.getState().id)}/chat`, { replace: true });
  }, [store, go, isNarrow]);
}
