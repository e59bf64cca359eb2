// The events of a run, as the platform's OpenAPI describes them. Unknown types are passed over.

import type { Schemas } from "./client";

export type RunEvent = Schemas["EventPage"]["events"][number];
export type Wish = Schemas["Wish"];
export type WishProof = Schemas["WishProof"];
export type Report = Schemas["VerificationReportEvent"];
export type Screenshot = Schemas["Screenshot"];
export type Attachment = Schemas["Attachment"];
export type FormField = Schemas["FormField"];
export type Proposal = Schemas["Plan"];
export type PlanStep = Schemas["PlanStep"];

// An event out of JSON; null when it is none.
export function decodeEvent(data: string): RunEvent | null {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value !== "object" || value === null) return null;
    const { type, run_id: run, seq } = value as Record<string, unknown>;
    return typeof type === "string" && typeof run === "string" && typeof seq === "number"
      ? (value as RunEvent) : null;
  } catch {
    return null;
  }
}
