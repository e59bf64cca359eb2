import { useQuery, useQueryClient } from "@tanstack/react-query";
import { request } from "./api/http";

/** Accounts: who is signed in, and everything that their pages ask of the backend. */

export interface Account {
  id: string;
  email: string;
  name: string;
  role: string;
  rank: number;
  is_head: boolean;
}

interface Session {
  account: Account | null;
  is_open: boolean;
}

export interface Invited {
  email: string;
  link: string;
  is_sent: boolean;
}

export interface Mail {
  id: string;
  to: string;
  subject: string;
  text: string;
}

const PATH = "/api/account";
const SESSION = ["account", "session"];

export const accounts = {
  register: (body: { name: string; email: string; password: string; invitation?: string }) =>
    request<Account>("POST", `${PATH}/register`, { body }),
  login: (body: { email: string; password: string }) => request<Account>("POST", `${PATH}/login`, { body }),
  logout: () => request<void>("POST", `${PATH}/logout`),
  rename: (body: { name: string }) => request<Account>("PATCH", PATH, { body }),
  changePassword: (body: { current: string; password: string }) => request<void>("POST", `${PATH}/password`, { body }),
  forgotten: (body: { email: string }) => request<void>("POST", `${PATH}/forgotten`, { body }),
  reset: (body: { link: string; password: string }) => request<void>("POST", `${PATH}/reset`, { body }),
  people: () => request<Account[]>("GET", `${PATH}/people`),
  invite: (body: { email: string; role: string }) => request<Invited>("POST", `${PATH}/invitations`, { body }),
  changeRole: (id: string, role: string) => request<Account>("PATCH", `${PATH}/people/${id}`, { body: { role } }),
  outbox: () => request<Mail[]>("GET", `${PATH}/outbox`),
};

/** Who is signed in; `account` is undefined until that is known and null for a stranger. */
export function useAccount() {
  const session = useQuery({
    queryKey: SESSION,
    queryFn: ({ signal }) => request<Session>("GET", PATH, { signal }),
    staleTime: 60_000,
  });
  return { ...session, account: session.data?.account, isOpen: session.data?.is_open ?? false };
}

/** To be called after somebody logged in or out: what the one before read is forgotten. */
export function useSessionChange() {
  const client = useQueryClient();
  return async () => {
    const session = await client.fetchQuery({ queryKey: SESSION, queryFn: () => request<Session>("GET", PATH), staleTime: 0 });
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION[0] });
    return session.account;
  };
}

/** A path of this app to go on to, whatever stands in the address. */
export function nextPage(value: string | string[] | undefined): string {
  const isOwn = typeof value === "string" && /^\/(?![/\\])/.test(value);
  return isOwn && !value.startsWith("/account/") ? value : "/";
}

/** A text with links that nobody was sent: they lead to this app as it is open here. */
export function withLinksToHere(text: string): string {
  return text.replace(/(?:https?:\/\/[^/\s]+)?(?=\/account\/(?:register|reset)\?)/, window.location.origin);
}
