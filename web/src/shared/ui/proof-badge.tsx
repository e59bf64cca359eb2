import { CircleAlert, CircleDashed, ShieldCheck } from "lucide-react";
import type { Schemas } from "../api/client";

type Shown = Pick<Schemas["VerificationReport"], "status" | "wishes" | "sentence">;

// How much of what was asked for was seen working. "Verified" is the platform's word only when all of it was.
export function proofWords({ status, wishes }: Pick<Shown, "status" | "wishes">): { text: string; tone: "good" | "fair" } {
  const all = wishes?.length ?? 0;
  const seen = wishes?.filter((wish) => wish.state === "proven").length ?? 0;
  if (status === "verified") return { text: all && seen ? `Verified: ${seen} of ${all} seen working` : "Checks passed", tone: "good" };
  if (all) return { text: `${seen} of ${all} seen working`, tone: "fair" };
  return { text: status === "partly" ? "Partly checked" : "Not working yet", tone: "fair" };
}

const TONES = { good: "bg-good-tint text-good", fair: "bg-fair-tint text-fair" };

export function ProofBadge({ report }: { report: Shown }) {
  const { text, tone } = proofWords(report);
  const Icon = tone === "good" ? ShieldCheck : report.wishes?.length ? CircleDashed : CircleAlert;
  return (
    <span title={report.sentence} className={`inline-flex max-w-full items-center gap-1.5 rounded-full px-2.5 py-0.5 text-sm font-medium ${TONES[tone]}`}>
      <Icon size={14} aria-hidden className="shrink-0" /><span className="truncate max-sm:sr-only">{text}</span>
    </span>
  );
}
