// What is said while the app is not awake yet.

import { useEffect, useState } from "react";

const SLEEP: Record<string, string> = {
  paused: "The app was asleep and wakes up, which takes a few seconds.",
  killed: "The app was put away because nobody used it for a long time. Nothing is lost: it is started anew from its files, which can take a minute.",
  none: "The app is not running. It is started from its files, which can take a minute.",
};

export function Sleep({ state }: { state: string }) {
  const text = SLEEP[state];
  return text ? <Waking key={state} text={text} /> : <div />;
}

// With the seconds that it takes. They are not read out, as that would never end.
export function Waking({ text }: { text: string }) {
  const seconds = useSeconds();
  return (
    <div className="flex items-baseline gap-3 border-b border-line bg-paper px-3 py-1.5 text-sm text-soft">
      <p role="status" className="min-w-0 flex-1"><span className="breathe">{text}</span></p>
      <span role="timer" aria-live="off" aria-label="Waking" className="shrink-0 tabular-nums">{seconds} s</span>
    </div>
  );
}

function useSeconds(): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const began = Date.now();
    const clock = setInterval(() => setSeconds(Math.round((Date.now() - began) / 1000)), 1000);
    return () => clearInterval(clock);
  }, []);
  return seconds;
}
