// A first message on its way from the home page to its project's page.

import type { Sending } from "./project-store";

const waiting = new Map<string, Sending>();

export function leavePending(project: string, message: Sending): void {
  waiting.set(project, message);
}

export function takePending(project: string): Sending | undefined {
  const found = waiting.get(project);
  waiting.delete(project);
  return found;
}
