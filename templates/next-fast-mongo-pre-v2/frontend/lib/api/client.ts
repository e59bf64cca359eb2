// Generated from the backend's OpenAPI schema by tools/generate_client.py. Do not edit.
import { request, type RequestOptions } from "./http";

/** GET /api/health: Answers when the application and its database work. */
export function health(options: RequestOptions = {}): Promise<Record<string, string>> {
  return request("GET", "/api/health", { ...options });
}
