// Tells a person who looks elsewhere that work has ended: by the system's notification if they allowed it, and in the tab's title.

const canNotify = (): boolean => typeof Notification !== "undefined";

export const mayAsk = (): boolean => canNotify() && Notification.permission === "default";

export async function askToNotify(): Promise<boolean> {
  return canNotify() && (await Notification.requestPermission()) === "granted";
}

export function tellEnding(name: string, words: string, onOpen: () => void): void {
  if (!canNotify() || Notification.permission !== "granted") return;
  try {
    const note = new Notification(name.slice(0, 100), { body: words.slice(0, 300), icon: "/static/icon.svg", tag: "stackwright" });
    note.onclick = () => { window.focus(); onOpen(); note.close(); };
  } catch { /* Some browsers only allow it from a service worker. */ }
}

// "✓" stays in the title until somebody looks.
export const badge = { live: "● ", ended: "✓ ", none: "" } as const;
