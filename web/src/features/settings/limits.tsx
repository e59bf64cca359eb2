// What the project may cost, and how much of each limit is used up.

import { useQuery } from "@tanstack/react-query";
import { api, taken, USER, type Schemas } from "../../shared/api/client";
import { Trouble } from "../../shared/ui/empty";
import { shownAmount, shownLimits, SCOPES, usedOf } from "./limit-words";
import { OwnLimits } from "./own-limits";

export function Limits({ costs, state }: { costs: Schemas["CostsOut"] | undefined; state: Schemas["StateOut"] }) {
  const limits = useQuery({ queryKey: ["limits"], queryFn: () => taken(api.GET("/api/limits")), staleTime: 60_000 });
  const today = useQuery({
    queryKey: ["costs", USER, "today"],
    queryFn: () => taken(api.GET("/api/users/{user_id}/costs", { params: { path: { user_id: USER }, query: { days: 1 } } })),
  });
  if (limits.error) return <Trouble>{limits.error.message}</Trouble>;
  if (!limits.data) return <p className="text-soft">Looking…</p>;
  const { limits: most, may_be_raised: mayRise } = limits.data;
  const set = shownLimits(most, state);
  return (
    <div className="space-y-3">
      <OwnLimits id={state.project_id} usd={state.max_usd} tokens={state.max_tokens} />
      {set.length ? (
        <dl className="space-y-2 text-sm">
          {set.map(([name, limit]) => <Limit key={name} name={name} limit={limit} used={usedOf(name, costs?.total, today.data?.total)} />)}
        </dl>
      ) : <p className="text-sm text-soft">Nothing else limits what a message, a project or a day may cost.</p>}
      <p className="text-sm text-soft">
        {mayRise && set.length ? "When a limit is reached you are asked, and may raise it there. " : ""}Limits for all projects are set where the platform is started: <code className="font-mono">MAX_RUN_USD</code>, <code className="font-mono">MAX_PROJECT_USD</code>, <code className="font-mono">MAX_DAY_USD</code>, and the same in tokens.
      </p>
    </div>
  );
}

function Limit({ name, limit, used }: { name: string; limit: number; used: number | null }) {
  const [scope = "", unit = ""] = name.split("_");
  const share = used === null ? 0 : Math.min(100, (100 * used) / limit);
  return (
    <div>
      <div className="flex gap-2"><dt className="flex-1">{SCOPES[scope]}</dt><dd className="tabular-nums">{used === null ? "" : `${shownAmount(used, unit)} of `}{shownAmount(limit, unit)}</dd></div>
      {used === null ? null : (
        <div role="meter" aria-label={`${SCOPES[scope]}: spent`} aria-valuenow={Math.round(share)} aria-valuemin={0} aria-valuemax={100} className="mt-1 h-1.5 overflow-hidden rounded-full bg-sunk">
          <div className={`h-full rounded-full ${share >= 80 ? "bg-fair" : "bg-accent"}`} style={{ width: `${share}%` }} />
        </div>
      )}
    </div>
  );
}
