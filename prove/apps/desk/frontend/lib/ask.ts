/** The hand-written way to the API: throws the sentence that the server sent. */
export async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) {
    const told: unknown = await answer.json().catch(() => null);
    const detail = told && typeof told === "object" && "detail" in told ? told.detail : null;
    throw new Error(typeof detail === "string" ? detail : "This could not be done. Please check what you typed.");
  }
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

export interface Ticket {
  id: string;
  subject: string;
  details: string;
  urgency: string;
  hours: number;
  dueOn: string | null;
  state: string;
  comments: number;
}

export function sentence(trouble: unknown): string {
  return trouble instanceof Error ? trouble.message : "Something went wrong.";
}
