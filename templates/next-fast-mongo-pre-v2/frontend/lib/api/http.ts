/** The one place that talks to the backend; `client.ts` is generated on top of it. */

export interface FieldProblem {
  field: string;
  message: string;
}

/** An answer that is not a success, with a sentence for people. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly errors: FieldProblem[] = [],
  ) {
    super(message);
    this.name = "ApiError";
  }
}

export type QueryValue = string | number | boolean | null | undefined | readonly (string | number | boolean)[];

export interface RequestOptions {
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

interface Settings extends RequestOptions {
  query?: Record<string, QueryValue>;
  body?: unknown;
  reads?: "text" | "blob";
}

export async function request<T>(method: string, path: string, settings: Settings = {}): Promise<T> {
  const { query = {}, body, reads, signal, headers } = settings;
  const isRaw = body instanceof FormData || body instanceof Blob;
  const response = await fetch(path + search(query), {
    method,
    signal,
    headers: { ...(body === undefined || isRaw ? {} : { "Content-Type": "application/json" }), ...headers },
    body: body === undefined ? undefined : isRaw ? body : JSON.stringify(body),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiError(0, "The server cannot be reached. Please check your connection.");
  });
  if (!response.ok) throw await problem(response);
  if (response.status === 204) return undefined as T;
  if (reads === "text") return (await response.text()) as T;
  if (reads === "blob") return (await response.blob()) as T;
  return (await response.json()) as T;
}

function search(query: Record<string, QueryValue>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === "") continue;
    for (const one of Array.isArray(value) ? value : [value]) params.append(name, String(one));
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}

async function problem(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const detail = body && typeof body === "object" && "detail" in body ? body.detail : null;
  const errors = body && typeof body === "object" && "errors" in body ? body.errors : [];
  const message = typeof detail === "string" ? detail : `The request failed (${response.status}).`;
  return new ApiError(response.status, message, Array.isArray(errors) ? (errors as FieldProblem[]) : []);
}
