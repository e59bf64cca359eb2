import type { Schemas } from "../../shared/api/client";

type Cost = Pick<Schemas["CostOut"], "usd" | "tokens">;

export const SCOPES: Record<string, string> = {
  run: "One message", project: "This project", day: "You, today", user: "You, in all", repair: "Repairs of one message",
};

export const shownAmount = (amount: number, unit: string): string =>
  unit === "tokens" ? `${Math.round(amount).toLocaleString("en")} tokens` : `$${amount.toFixed(2)}`;

// What of a limit such as `day_usd` is used up; null: it is not known here, or begins anew with each message.
export function usedOf(name: string, project: Cost | undefined, today: Cost | undefined): number | null {
  const [scope, unit] = name.split("_");
  const cost = scope === "project" ? project : scope === "day" ? today : undefined;
  return cost ? (unit === "tokens" ? cost.tokens : cost.usd) : null;
}
