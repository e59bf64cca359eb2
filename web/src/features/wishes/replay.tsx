import { useQuery } from "@tanstack/react-query";
import { Pause, Play } from "lucide-react";
import { useEffect, useState } from "react";
import { refuseBad } from "../../shared/api/client";
import { IconButton } from "../../shared/ui/button";
import { Trouble } from "../../shared/ui/empty";

type Frame = { at: number; jpeg: string };
const BASE64 = /^[A-Za-z0-9+/=]+$/;

export function framesOf(value: unknown): Frame[] {
  if (!Array.isArray(value)) return [];
  return value.filter((one): one is Frame =>
    typeof one === "object" && one !== null && typeof one.at === "number" && typeof one.jpeg === "string" && BASE64.test(one.jpeg));
}

export default function Replay({ url }: { url: string }) {
  const { data, error } = useQuery({
    queryKey: ["replay", url], staleTime: Infinity,
    queryFn: async () => framesOf(await (await refuseBad(await fetch(url))).json()),
  });
  const [at, setAt] = useState(0);
  const [isPlaying, setPlaying] = useState(() => !matchMedia("(prefers-reduced-motion: reduce)").matches);
  const end = data?.at(-1)?.at ?? 0;
  useEffect(() => {
    if (!isPlaying || !end) return;
    let last = performance.now();
    let request = 0;
    const tick = (now: number) => {
      const passed = (now - last) / 1000;
      last = now;
      setAt((before) => Math.min(end, before + passed));
      request = requestAnimationFrame(tick);
    };
    request = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(request);
  }, [isPlaying, end]);
  useEffect(() => { if (end > 0 && at >= end) setPlaying(false); }, [at, end]);
  if (error) return <Trouble>The recording cannot be shown: {error.message}</Trouble>;
  if (!data) return <p className="p-8 text-center text-soft">Loading…</p>;
  const frame = data.findLast((one) => one.at <= at) ?? data[0];
  const toggle = () => {
    if (at >= end) setAt(0);
    setPlaying(!isPlaying);
  };
  return (
    <div>
      {frame ? <img src={`data:image/jpeg;base64,${frame.jpeg}`} alt="The app while the wish was tried" className="mx-auto max-h-[65vh] rounded-lg border border-line" /> : <p className="p-8 text-center text-soft">The recording is empty.</p>}
      <div className="mt-3 flex items-center gap-2">
        <IconButton label={isPlaying ? "Pause" : "Play"} onClick={toggle}>{isPlaying ? <Pause size={16} /> : <Play size={16} />}</IconButton>
        <input type="range" aria-label="Time" min={0} max={end || 1} step={0.05} value={at} onChange={(event) => { setPlaying(false); setAt(Number(event.target.value)); }} className="flex-1 accent-accent" />
      </div>
    </div>
  );
}
