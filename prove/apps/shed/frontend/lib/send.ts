/** Sends from the browser; throws a sentence for people. `body` is JSON or a form with a file. */
export async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  const isForm = body instanceof FormData;
  const answer = await fetch(`/api/v1${path}`, {
    method,
    headers: body === undefined || isForm ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : isForm ? body : JSON.stringify(body),
  }).catch(() => null);
  if (!answer) throw new Error("There is no connection. Nothing was saved.");
  if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T;
  const told: { detail?: unknown } | null = await answer.json().catch(() => null);
  throw new Error(typeof told?.detail === "string" ? told.detail : "This was not saved. Please check what you typed.");
}

export function sentence(trouble: unknown): string {
  return trouble instanceof Error ? trouble.message : "Something went wrong.";
}
