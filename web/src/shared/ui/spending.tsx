// What model calls cost: by day as bars, by tool and model as lists.

import type { Schemas } from "../api/client";

type Cost = Schemas["CostOut"];
const money = new Intl.NumberFormat("en", { style: "currency", currency: "USD", maximumFractionDigits: 2 });
// Few days make narrow bars, too.
const LEAST_PLACES = 14;
const count = new Intl.NumberFormat("en", { notation: "compact" });

export const amount = (cost: Cost): string => (cost.usd > 0 ? (cost.usd < 0.01 ? "under $0.01" : money.format(cost.usd)) : cost.tokens ? `${count.format(cost.tokens)} tokens` : "nothing");

export function Spending({ costs }: { costs: Schemas["CostsOut"] }) {
  if (!costs.total.calls) return <p className="text-soft">Nothing was spent. The offline builder costs nothing; a model’s calls are added up here.</p>;
  const days = [...costs.by_day].sort((a, b) => a.name.localeCompare(b.name)).slice(-30);
  const size = (cost: Cost) => cost.usd || cost.tokens / 1e6;
  const places = Math.max(days.length, LEAST_PLACES);
  const most = Math.max(...days.map(size), 1e-9);
  return (
    <div className="space-y-4">
      <p><strong className="text-lg">{amount(costs.total)}</strong> <span className="text-soft">in {costs.total.calls} model calls{costs.repair.calls ? `; ${amount(costs.repair)} of it mending what checks found` : ""}{costs.total.unpriced_calls ? `; the price of ${costs.total.unpriced_calls} is not known` : ""}.</span></p>
      <svg role="img" aria-label={`By day: ${days.map((day) => `${day.name} ${amount(day)}`).join(", ")}`} viewBox={`0 0 ${places * 10} 40`} preserveAspectRatio="none" className="h-20 w-full max-w-lg">
        {days.map((day, index) => <rect key={day.name} x={index * 10 + 1} width={8} y={40 - 38 * (size(day) / most)} height={38 * (size(day) / most)} rx={1} className="fill-accent"><title>{`${day.name}: ${amount(day)}`}</title></rect>)}
      </svg>
      <p aria-hidden className="-mt-3 text-xs text-soft tabular-nums">{days.length > 1 ? `${days[0]?.name} to ${days.at(-1)?.name}` : days[0]?.name}</p>
      <div className="grid gap-4 sm:grid-cols-2">
        <Shares title="By what was done" costs={costs.by_tool} /><Shares title="By model" costs={costs.by_model} />
      </div>
    </div>
  );
}

function Shares({ title, costs }: { title: string; costs: Cost[] }) {
  return (
    <div>
      <h4 className="text-sm text-soft">{title}</h4>
      <dl className="mt-1 text-sm">
        {costs.slice(0, 8).map((cost) => <div key={cost.name} className="flex gap-2"><dt className="min-w-0 flex-1 truncate">{cost.name.replaceAll("_", " ")}</dt><dd className="tabular-nums">{amount(cost)}</dd></div>)}
      </dl>
    </div>
  );
}
