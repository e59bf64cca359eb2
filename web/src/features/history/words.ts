// How the proof of a version ended, in words.

const WORDS: Record<string, string> = {
  verified: "all seen working", partly: "works in part", unverified: "not seen working",
  answered: "nothing was checked", cancelled: "stopped", failed: "broken off",
};

export const stateWords = (status: string): string => WORDS[status] ?? "not checked";

// How many files a version has other than the one before it; nothing where nobody counted.
export function filesWords({ version, changed_files: count }: { version: number; changed_files?: number | null }): string {
  if (count === null || count === undefined) return "";
  if (version === 1) return `${count} file${count === 1 ? "" : "s"} · `;
  return count ? `${count} file${count === 1 ? "" : "s"} changed · ` : "no file changed · ";
}
