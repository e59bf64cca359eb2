const MOST = 100;

// The names that a file such as .env.example sets, once each.
export function namesIn(text: string): string[] {
  const found = [...text.slice(0, 100_000).matchAll(/^[ \t]*(?:export[ \t]+)?#?[ \t]?([A-Z][A-Z0-9_]{1,80})=/gm)].map((match) => match[1] ?? "");
  return [...new Set(found)].slice(0, MOST);
}
