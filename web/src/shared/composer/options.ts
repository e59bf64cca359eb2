// What a message can choose, as far as this platform's API offers it.

import { useQuery } from "@tanstack/react-query";

import { api, taken, type Schemas } from "../api/client";

export type ChatOptions = { modes: string[] };
const NONE: ChatOptions = { modes: [] };

export function useChatOptions(): ChatOptions {
  const { data } = useQuery({
    queryKey: ["chat-options"],
    queryFn: async () => optionsOf(await (await fetch("/openapi.json")).json()),
    staleTime: Infinity,
    retry: false,
  });
  return data ?? NONE;
}

const NO_MODELS: Schemas["ModelsOut"] = { default: "", models: [] };

export function useModels(): Schemas["ModelsOut"] {
  const { data } = useQuery({ queryKey: ["models"], queryFn: () => taken(api.GET("/api/models")), staleTime: 60_000 });
  return data ?? NO_MODELS;
}

// The choices named in the description of a chat request.
export function optionsOf(openapi: unknown): ChatOptions {
  const fields = dig(openapi, "components", "schemas", "ChatRequest", "properties");
  return { modes: choices(fields, "mode") };
}

function choices(fields: unknown, name: string): string[] {
  const field = dig(fields, name);
  const named = dig(field, "$ref");
  const found = dig(field, "enum") ?? (typeof named === "string" ? undefined : firstEnum(dig(field, "anyOf")));
  return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
}

const firstEnum = (options: unknown): unknown =>
  Array.isArray(options) ? options.map((one) => dig(one, "enum")).find(Array.isArray) : undefined;

function dig(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined), value);
}
