// The platform's HTTP API with the types of its own OpenAPI. A refusal becomes an `ApiError`.

import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, problem: unknown) {
    const { detail, code } = (typeof problem === "object" && problem !== null ? problem : {}) as {
      detail?: unknown; code?: unknown;
    };
    super(typeof detail === "string" && detail ? detail : `The platform answered ${status}.`);
    this.status = status;
    this.code = typeof code === "string" ? code : "unknown";
  }
}

export const api = createClient<paths>({ baseUrl: globalThis.location?.origin ?? "" });

// Whose projects are shown: `?user=` in the address, kept for the tab.
export const USER = currentUser();

function currentUser(): string {
  if (typeof location === "undefined") return "local";
  const named = new URLSearchParams(location.search).get("user");
  if (named) sessionStorage.setItem("stackwright.user", named);
  return sessionStorage.getItem("stackwright.user") ?? "local";
}

// The data of an answer of `api`, or an ApiError.
export async function taken<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok) throw new ApiError(response.status, error);
  return data as T;
}

export async function refuseBad(response: Response): Promise<Response> {
  if (response.ok) return response;
  const problem: unknown = await response.json().catch(() => null);
  throw new ApiError(response.status, problem);
}

export const projectUrl = (project: string) => `/api/projects/${encodeURIComponent(project)}`;

export function randomId(length: number): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join("");
}
