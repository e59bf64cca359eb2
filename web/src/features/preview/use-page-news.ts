import { useCallback, useState } from "react";
import { api, taken } from "../../shared/api/client";
import { useSuggest } from "../../shared/run/use-suggest";
import { aboutElement, type PageLine, type Picked } from "./places";

const MOST_LINES = 500;

// What the page told so far, and the message that an element which was pointed at begins.
export function usePageNews(id: string, route: string) {
  const [lines, setLines] = useState<PageLine[]>([]);
  const [isPicking, setPicking] = useState(false);
  const suggest = useSuggest();
  const hear = useCallback((news: PageLine | Picked) => {
    if (news.kind !== "picked") return setLines((before) => [...before.slice(-MOST_LINES + 1), news]);
    setPicking(false);
    if (news.selector) void placeOf(id, news.text).then((place) => suggest(aboutElement(news, route, place)));
  }, [id, route, suggest]);
  return { lines, isPicking, setPicking, hear, clear: () => setLines([]) };
}

// The file and line that has the element's words, if there is just one.
async function placeOf(id: string, words: string): Promise<string | null> {
  const wanted = words.slice(0, 60).trim();
  if (wanted.length < 3) return null;
  const found = await taken(api.GET("/api/projects/{project_id}/search", { params: { path: { project_id: id }, query: { q: wanted, match_case: true } } })).catch(() => null);
  const hits = (found?.hits ?? []).filter((hit) => /^frontend\/.*\.[jt]sx?$/.test(hit.path));
  return hits.length === 1 && hits[0] ? `${hits[0].path}:${hits[0].line}` : null;
}
