// How a message's work ended, in words. "Verified" stands only where wishes were seen working.

import type { Report } from "../api/events";

export type Tone = "good" | "fair" | "bad" | "calm";
export type Verdict = { tone: Tone; title: string; text: string };

export function verdictOf(status: string, report: Report | null): Verdict {
  if (status === "verified" && report && !(report.wishes ?? []).some((wish) => wish.state === "proven"))
    return { tone: "calm", title: "All checks passed", text: "No wish of yours was among them: look for yourself." };
  return (Object.hasOwn(VERDICTS, status) ? VERDICTS[status] : undefined) ?? { tone: "calm", title: status.replaceAll("_", " "), text: "" };
}

export const PLANNED: Verdict = { tone: "calm", title: "The plan is ready", text: "Nothing is built until you say so." };

const VERDICTS: Record<string, Verdict> = {
  verified: { tone: "good", title: "Verified", text: "" },
  partly: { tone: "fair", title: "It runs, and something is missing", text: "" },
  unverified: { tone: "fair", title: "It does not work yet", text: "" },
  answered: { tone: "calm", title: "Answered", text: "Nothing was changed." },
  cancelled: { tone: "calm", title: "Stopped", text: "What was written so far is kept." },
  failed: { tone: "bad", title: "It could not go on", text: "" },
};
