import { cookies } from "next/headers";
import { notFound, redirect } from "next/navigation";

/** Without a named backend the way is the one of the browser: over this server's own /api. */
const ORIGIN = process.env.BACKEND_URL ?? `http://127.0.0.1:${process.env.PORT ?? "3000"}`;

export interface Answer<T> {
  data?: T;
  problem?: string;
}

/** Reads on the server, as the person who asks for the page. Strangers are sent to the entrance. */
export async function read<T>(path: string): Promise<Answer<T>> {
  const cookie = (await cookies()).toString();
  const answer = await fetch(`${ORIGIN}/api/v1${path}`, { cache: "no-store", headers: { cookie } }).catch(() => null);
  if (answer?.status === 401) redirect("/enter");
  if (answer?.status === 404) notFound();
  if (!answer?.ok) return { problem: "The shed does not answer. Please load the page again in a moment." };
  return { data: (await answer.json()) as T };
}
