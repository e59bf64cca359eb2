// What the palette offers, and how it is found. Pure.

export type Command = { name: string; hint?: string; run: () => void };

const MOST = 12;

// Those that have all the words, names that begin with the first one before others.
export function found(commands: readonly Command[], typed: string): Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = commands.filter(({ name, hint = "" }) => words.every((word) => `${name} ${hint}`.toLowerCase().includes(word)));
  const first = words[0] ?? "";
  const rank = (command: Command) => (command.name.toLowerCase().startsWith(first) ? 0 : 1);
  return fits.sort((a, b) => rank(a) - rank(b)).slice(0, MOST);
}

// Whether a key press is meant for what is being typed.
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName) || target.shadowRoot !== null;
}

export const SHORTCUTS = [
  ["Ctrl K or ⌘ K", "Find a project, a view or an action"],
  ["?", "Show these keys"],
  ["/", "Go to the message box"],
  ["Alt 1 … 7", "Switch between preview, wishes, code and the other views"],
  ["Enter", "Send the message; Shift Enter begins a new line"],
  ["Esc", "Close what is open; in the empty message box: go to Stop"],
  ["Ctrl S or ⌘ S", "Save the file that is open in Code"],
] as const;
