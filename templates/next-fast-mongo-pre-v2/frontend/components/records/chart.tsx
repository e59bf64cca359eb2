import { useEffect, useRef, useState } from "react";

export interface Bar {
  label: string;
  value: number;
}

interface ChartProps {
  title: string;
  bars: Bar[];
  shape: "bars" | "line";
  format: (value: number) => string;
}

const USUAL_WIDTH = 720;
const HEIGHT = 260;
const PAD = { top: 22, right: 12, bottom: 30, left: 58 };
const MAX_LABELS = 12;

/** The width in which something is shown, so that its text is as large on a phone as on a desk. */
function useWidth() {
  const shown = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(USUAL_WIDTH);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(240, Math.round(entry.contentRect.width))));
    if (shown.current) observer.observe(shown.current);
    return () => observer.disconnect();
  }, []);
  return { shown, width };
}

/** Bars or a line. The same figures stand in a table that can be opened, and is read aloud. */
export function Chart({ title, bars, shape, format }: ChartProps) {
  const [pointed, setPointed] = useState<number | null>(null);
  const { shown, width: whole } = useWidth();
  const top = niceTop(Math.max(0, ...bars.map((bar) => bar.value)));
  const bottom = Math.min(0, ...bars.map((bar) => bar.value));
  const step = (whole - PAD.left - PAD.right) / bars.length;
  const x = (index: number) => PAD.left + step * (index + 0.5);
  const y = (value: number) => PAD.top + ((top - value) / (top - bottom || 1)) * (HEIGHT - PAD.top - PAD.bottom);
  const room = Math.max(1, Math.min(MAX_LABELS, Math.floor(whole / 70)));
  const every = Math.ceil(bars.length / room);
  const width = Math.min(56, step * 0.66);
  const showsAll = bars.length <= MAX_LABELS;
  return (
    <figure ref={shown}>
      <svg viewBox={`0 0 ${whole} ${HEIGHT}`} role="img" aria-label={`${title}: ${bars.length} values`} className="w-full" onMouseLeave={() => setPointed(null)}>
        {[0, 0.25, 0.5, 0.75, 1].map((part) => {
          const value = bottom + (top - bottom) * part;
          return (
            <g key={part}>
              <line x1={PAD.left} x2={whole - PAD.right} y1={y(value)} y2={y(value)} className="stroke-border" />
              <text x={PAD.left - 8} y={y(value) + 4} textAnchor="end" className="fill-muted-foreground text-[11px] tabular-nums">
                {format(value)}
              </text>
            </g>
          );
        })}
        {shape === "line" && (
          <polyline points={bars.map((bar, index) => `${x(index)},${y(bar.value)}`).join(" ")} fill="none" strokeWidth={2.5} className="stroke-primary" />
        )}
        {bars.map((bar, index) => (
          <g key={bar.label} data-bar={bar.label} data-value={bar.value} onMouseEnter={() => setPointed(index)}>
            <rect x={PAD.left + step * index} y={PAD.top} width={step} height={HEIGHT - PAD.top - PAD.bottom} fill="transparent" />
            {shape === "line" ? (
              <circle cx={x(index)} cy={y(bar.value)} r={4} className="fill-primary" />
            ) : (
              <rect
                x={x(index) - width / 2}
                y={Math.min(y(bar.value), y(0))}
                width={width}
                height={Math.max(Math.abs(y(0) - y(bar.value)), bar.value === 0 ? 0 : 1)}
                rx={3}
                className={pointed === index ? "fill-primary/80" : "fill-primary"}
              />
            )}
            {(showsAll || pointed === index) && (
              <text x={x(index)} y={y(bar.value) - 8} textAnchor="middle" className="fill-foreground text-[11px] font-medium tabular-nums">
                {format(bar.value)}
              </text>
            )}
            {index % every === 0 && (
              <text x={x(index)} y={HEIGHT - 10} textAnchor="middle" className="fill-muted-foreground text-[11px]">
                {shortened(bar.label)}
              </text>
            )}
          </g>
        ))}
      </svg>
      <details className="mt-3 text-sm">
        <summary className="cursor-pointer text-muted-foreground">Figures as a table</summary>
        <table className="mt-2 w-full max-w-md">
          <tbody>
            {bars.map((bar) => (
              <tr key={bar.label} className="border-b">
                <th scope="row" className="py-1.5 text-left font-normal">
                  {bar.label}
                </th>
                <td className="py-1.5 text-right tabular-nums">{format(bar.value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

/** The next of 1, 2, 4, 5, 8, 10, 20, …: its quarters are easy to read. */
function niceTop(value: number): number {
  if (value <= 4) return value <= 0 ? 1 : 4;
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 8, 10].map((step) => step * unit).find((one) => one >= value) ?? value;
}

function shortened(label: string): string {
  return label.length > 12 ? `${label.slice(0, 11)}…` : label;
}
