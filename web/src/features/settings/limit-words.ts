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

// The limits that hold for a project: the platform's, of which its own may be lower.
export function shownLimits(platform: Readonly<Record<string, number>>, own: { max_usd: number | null; max_tokens: number | null }): [string, number][] {
  const all = { ...platform };
  for (const [name, most] of [["project_usd", own.max_usd], ["project_tokens", own.max_tokens]] as const)
    if (most !== null) all[name] = Math.min(most, all[name] ?? most);
  return Object.entries(all).filter(([name]) => Object.hasOwn(SCOPES, name.split("_")[0] ?? ""));
}

// What was typed as a limit: null for none, or a sentence on what is wrong with it.
export function limitOf(typed: string, unit: "usd" | "tokens"): { most: number | null; problem: string } {
  const text = typed.trim().replace(/^\$/, "").replaceAll(/(?<=\d)[ ,_](?=\d{3}(\D|$))/g, "");
  if (!text) return { most: null, problem: "" };
  const most = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  const what = unit === "usd" ? "US dollars" : "tokens";
  if (!Number.isFinite(most)) return { most: null, problem: `“${typed.trim().slice(0, 40)}” is no amount of ${what}: write a number such as ${unit === "usd" ? "2.50" : "500000"}, or nothing for no limit.` };
  if (most <= 0) return { most: null, problem: `A limit of ${what} must be above zero; leave it empty for no limit.` };
  if (unit === "tokens" && !Number.isInteger(most)) return { most: null, problem: "Tokens are whole: write a number such as 500000." };
  return { most, problem: "" };
}
