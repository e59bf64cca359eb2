import { useCallback, useRef, useState } from "react";
import { api, taken } from "../../shared/api/client";
import { useProject } from "../../shared/run/project-context";
import { useSuggest } from "../../shared/run/use-suggest";
import { aboutElement, type PageLine, type Picked, type Picture } from "./places";

const MOST_LINES = 500;

// What the page told so far, and the message that an element which was pointed at, or a picture, begins.
export function usePageNews(id: string, route: string, onProblem: (sentence: string) => void) {
  const [lines, setLines] = useState<PageLine[]>([]);
  const [isPicking, setPicking] = useState(false);
  // A page's picture is taken only when one was asked for.
  const awaited = useRef<"page" | "element" | null>(null);
  const project = useProject();
  const suggest = useSuggest();
  const take = useCallback(({ base64 }: Picture) => {
    const wanted = awaited.current;
    awaited.current = null;
    if (!wanted) return;
    if (base64) project.offer(pngFile(`${wanted}.png`, base64));
    if (wanted === "element") return;
    if (base64) suggest(project.getState().draft);
    else onProblem("The page gives no picture of itself. Take one yourself and drop it into the message box.");
  }, [project, suggest, onProblem]);
  const hear = useCallback((news: PageLine | Picked | Picture) => {
    if (news.kind === "picture") return take(news);
    if (news.kind !== "picked") return setLines((before) => [...before.slice(-MOST_LINES + 1), news]);
    setPicking(false);
    if (!news.selector) return;
    awaited.current = "element";
    void placeOf(id, news.text).then((place) => suggest(aboutElement(news, route, place)));
  }, [id, route, suggest, take]);
  return { lines, isPicking, setPicking, hear, clear: () => setLines([]), awaitPicture: () => { awaited.current = "page"; } };
}

const pngFile = (name: string, base64: string) => new File([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))], name, { type: "image/png" });

// The file and line that has the element's words, if there is just one.
async function placeOf(id: string, words: string): Promise<string | null> {
  const wanted = words.slice(0, 60).trim();
  if (wanted.length < 3) return null;
  const found = await taken(api.GET("/api/projects/{project_id}/search", { params: { path: { project_id: id }, query: { q: wanted, match_case: true } } })).catch(() => null);
  const hits = (found?.hits ?? []).filter((hit) => /^frontend\/.*\.[jt]sx?$/.test(hit.path));
  return hits.length === 1 && hits[0] ? `${hits[0].path}:${hits[0].line}` : null;
}
