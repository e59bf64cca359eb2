import type { ReactNode } from "react";
import type { Entry, Resource } from "@/lib/resource";

/** What a login would add to every page. Without one, all pages are open to everybody. */

export type Action = "read" | "add" | "change" | "delete";
export type May = (resource: Resource, action: Action, record?: Entry) => boolean;

/** Stands around every page and lets those in who may see it. */
export function Guard({ children }: { children: ReactNode }) {
  return children;
}

/** At the end of the navigation: who is signed in. */
export function PersonBox() {
  return null;
}

const everything: May = () => true;

/** What the person at the screen may do; the backend decides, this only hides what it would refuse. */
export function useMay(): May {
  return everything;
}
