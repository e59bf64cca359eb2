import { useEffect, useState } from "react";

export interface Room {
  id: string;
  name: string;
  seats: number;
  has_screen: boolean;
}

export interface Booking {
  id: string;
  room_id: string;
  title: string;
  person: string;
  day: string;
  hour: number;
  hours: number;
  status: string;
}

/** Sends JSON; resolves to the sentence of what went wrong, or to nothing. */
export async function send(method: string, url: string, body?: unknown): Promise<string> {
  try {
    const response = await fetch(url, {
      method,
      headers: { "Content-Type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (response.ok) return "";
    const { detail } = await response.json();
    return typeof detail === "string" ? detail : "Some of the fields are not valid.";
  } catch {
    return "The server does not answer.";
  }
}

/** What is at the address; `reload` reads it again. */
export function useData<T>(url: string): { data?: T; total: number; problem: string; reload: () => void } {
  const [state, setState] = useState<{ data?: T; total: number; problem: string }>({ total: 0, problem: "" });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    fetch(url)
      .then(async (response) => {
        if (!response.ok) throw new Error(String(response.status));
        const total = Number(response.headers.get("X-Total-Count") ?? 0);
        const data: T = await response.json();
        if (isCurrent) setState({ data, total, problem: "" });
      })
      .catch(() => {
        if (isCurrent) setState({ total: 0, problem: "This could not be loaded. Please try again." });
      });
    return () => {
      isCurrent = false;
    };
  }, [url, round]);
  return { ...state, reload: () => setRound((before) => before + 1) };
}
