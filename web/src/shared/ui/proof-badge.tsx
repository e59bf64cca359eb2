import { CircleAlert, CircleDashed, ShieldCheck } from "lucide-react";
import type { Schemas } from "../api/client";

type Shown = { status: string; wishes: number; proven: number; sentence: string };

export function proofOf({ status, wishes, sentence }: Pick<Schemas["VerificationReport"], "status" | "wishes" | "sentence">): Shown {
  return { status, sentence, wishes: wishes?.length ?? 0, proven: wishes?.filter((wish) => wish.state === "proven").length ?? 0 };
}

// How much of what was asked for was seen working. "Verified" is the platform's word only when all of it was.
export function proofWords({ status, wishes: all, proven: seen }: Omit<Shown, "sentence">): { text: string; tone: "good" | "fair" } {
  if (status === "verified") return { text: all && seen ? `Verified: ${seen} of ${all} seen working` : "Checks passed", tone: "good" };
  if (all) return { text: `${seen} of ${all} seen working`, tone: "fair" };
  return { text: status === "partly" ? "Partly checked" : "Not working yet", tone: "fair" };
}

const TONES = { good: "bg-good-tint text-good", fair: "bg-fair-tint text-fair" };

export function ProofBadge({ proof }: { proof: Shown }) {
  const { text, tone } = proofWords(proof);
  const Icon = tone === "good" ? ShieldCheck : proof.wishes ? CircleDashed : CircleAlert;
  return (
    <span title={proof.sentence} className={`inline-flex max-w-full items-center gap-1.5 rounded-full px-2.5 py-0.5 text-sm font-medium ${TONES[tone]}`}>
      <Icon size={14} aria-hidden className="shrink-0" /><span className="truncate max-sm:sr-only">{text}</span>
    </span>
  );
}
