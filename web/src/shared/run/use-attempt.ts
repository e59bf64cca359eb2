import { useState } from "react";

// One thing a button does: whether it is under way, and why it failed.
export function useAttempt() {
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    try { await work(); setProblem(""); } catch (error) { setProblem(error instanceof Error ? error.message : String(error)); }
    setBusy(false);
  };
  return { problem, isBusy, attempt };
}
