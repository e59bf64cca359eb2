// What builds the app, and how much of each limit is used up.

import { useQuery } from "@tanstack/react-query";
import { api, taken, USER, type Schemas } from "../../shared/api/client";
import { Trouble } from "../../shared/ui/empty";
import { shownAmount, SCOPES, usedOf } from "./limit-words";

export function Limits({ costs }: { costs: Schemas["CostsOut"] | undefined }) {
  const limits = useQuery({ queryKey: ["limits"], queryFn: () => taken(api.GET("/api/limits")), staleTime: 60_000 });
  const today = useQuery({
    queryKey: ["costs", USER, "today"],
    queryFn: () => taken(api.GET("/api/users/{user_id}/costs", { params: { path: { user_id: USER }, query: { days: 1 } } })),
  });
  if (limits.error) return <Trouble>{limits.error.message}</Trouble>;
  if (!limits.data) return <p className="text-soft">Looking…</p>;
  const { builds_with: model, goes_on_with: second, limits: most, may_be_raised: mayRise } = limits.data;
  const set = Object.entries(most).filter(([name]) => Object.hasOwn(SCOPES, name.split("_")[0] ?? ""));
  return (
    <div className="space-y-3">
      <p>Built with <strong>{model}</strong>{second ? <>; if it fails, with <strong>{second}</strong></> : null}.</p>
      {set.length ? (
        <dl className="space-y-2 text-sm">
          {set.map(([name, limit]) => <Limit key={name} name={name} limit={limit} used={usedOf(name, costs?.total, today.data?.total)} />)}
        </dl>
      ) : <p className="text-soft">There is no limit for a message, a project or a day.</p>}
      <p className="text-sm text-soft">
        {mayRise && set.length ? "When a limit is reached you are asked, and may raise it there. " : ""}Model and limits are set where the platform is started: <code className="font-mono">DEFAULT_MODEL</code>, <code className="font-mono">MAX_RUN_USD</code>, <code className="font-mono">MAX_PROJECT_USD</code>, <code className="font-mono">MAX_DAY_USD</code>, and the same in tokens.
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
