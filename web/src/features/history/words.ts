// How the proof of a version ended, in words.

const WORDS: Record<string, string> = {
  verified: "all seen working", partly: "works in part", unverified: "not seen working",
  answered: "nothing was checked", cancelled: "stopped", failed: "broken off",
};

export const stateWords = (status: string): string => WORDS[status] ?? "not checked";
