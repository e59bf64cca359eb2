import type { Wish } from "../api/events";

export const WISH_WORDS: Record<Wish["state"], string> = {
  open: "not seen yet",
  proven: "seen working",
  failing: "does not work",
  yours_to_judge: "yours to judge",
  not_built: "not built",
};

export const WISH_TONES: Record<Wish["state"], string> = {
  open: "text-soft", proven: "text-good", failing: "text-bad", yours_to_judge: "text-fair", not_built: "text-fair",
};
