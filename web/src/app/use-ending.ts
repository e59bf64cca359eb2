import { useEffect, useRef, useState } from "react";
import { verdictOf } from "../shared/run/verdicts";
import { badge, tellEnding } from "../shared/run/notify";
import type { Turn } from "../shared/run/turn";

// What stands before the name in the tab's title: work goes on, or has ended while nobody looked.
export function useEnding(name: string, live: Turn | undefined, last: Turn | undefined): string {
  const [isNews, setNews] = useState(false);
  const wasLive = useRef(false);
  useEffect(() => {
    const seen = () => { if (!document.hidden) setNews(false); };
    document.addEventListener("visibilitychange", seen);
    return () => document.removeEventListener("visibilitychange", seen);
  }, []);
  useEffect(() => {
    const hasEnded = wasLive.current && !live;
    const asks = live?.status === "waiting_input";
    wasLive.current = live !== undefined && !asks;
    if (!document.hidden || !last || !(hasEnded || asks)) return;
    setNews(true);
    const { title } = asks ? { title: "It asks you something" } : verdictOf(last.status, last.report);
    tellEnding(name, [title, asks ? live?.question?.text : last.report?.sentence].filter(Boolean).join(": "), () => setNews(false));
    // Once for each ending.
  }, [live?.status, live === undefined]);
  return live && live.status !== "waiting_input" ? badge.live : isNews ? badge.ended : badge.none;
}
