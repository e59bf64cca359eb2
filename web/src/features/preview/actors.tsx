// As whom the app is looked at: a stranger, or a person of one of its roles.

import * as Menu from "@radix-ui/react-dropdown-menu";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { UserRound } from "lucide-react";
import { useState } from "react";
import { api, taken } from "../../shared/api/client";
import { projectKey } from "../../shared/run/queries";
import { titled } from "./places";

const ITEM = "rounded-lg px-3 py-1.5 outline-none data-[disabled]:text-soft data-[highlighted]:bg-hover";

type Props = { id: string; onStranger: () => void; onEnter: (path: string) => void; onProblem: (sentence: string) => void };

export function Actors({ id, onStranger, onEnter, onProblem }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [role, setRole] = useState("");
  const key = projectKey(id, "actors");
  const path = { project_id: id };
  const { data, error, isFetching } = useQuery({
    queryKey: key, enabled: isOpen, retry: false, gcTime: 0,
    queryFn: () => taken(api.GET("/api/projects/{project_id}/actors", { params: { path } })),
  });
  const queries = useQueryClient();
  const attempt = (work: () => Promise<void>) => work().then(() => onProblem(""), (failure: unknown) => onProblem(failure instanceof Error ? failure.message : String(failure)));
  const become = (chosen: string) => attempt(async () => {
    const entry = await taken(api.POST("/api/projects/{project_id}/actors/{role}", { params: { path: { ...path, role: chosen } } }));
    setRole(chosen);
    onEnter(entry.path);
  });
  const stranger = () => { setRole(""); onProblem(""); onStranger(); };
  const remove = () => attempt(async () => {
    queries.setQueryData(key, await taken(api.DELETE("/api/projects/{project_id}/actors", { params: { path } })));
    if (role) stranger();
  });
  const told = role ? `You look at it as: ${titled(role)}` : "Look at it as somebody else";
  return (
    <Menu.Root modal={false} open={isOpen} onOpenChange={setOpen}>
      <Menu.Trigger aria-label={told} title={told} className={`inline-flex h-8 shrink-0 items-center gap-1 rounded-lg px-2 text-sm hover:bg-hover ${role ? "bg-tint text-accent" : "text-soft hover:text-ink"}`}>
        <UserRound size={15} aria-hidden />{role ? <span className="max-w-24 truncate">{titled(role)}</span> : null}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content align="end" sideOffset={4} collisionPadding={8} className="z-20 w-72 rounded-xl border border-line bg-paper p-1 text-sm shadow-float">
          <Menu.Item className={ITEM} onSelect={stranger}>A stranger<span className="block text-xs text-soft">Logs you out of the app.</span></Menu.Item>
          {data?.roles.map((each) => <Menu.Item key={each} className={`${ITEM} wrap-anywhere`} onSelect={() => void become(each)}>{titled(each)}</Menu.Item>)}
          {data?.accounts ? <Menu.Item className={`${ITEM} text-bad`} onSelect={() => void remove()}>Remove the accounts of the preview</Menu.Item> : null}
          <p className="px-3 py-1.5 text-xs text-soft">{error ? error.message : hint(data?.roles.length, isFetching)}</p>
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}

function hint(roles: number | undefined, isLooking: boolean): string {
  if (roles === undefined) return isLooking ? "Looking for the roles of your app…" : "";
  return roles ? "Each adds an account to your app's data, named “(preview)”, to which nobody can log in. What you add with it stays." : "Your app has no accounts: everybody sees the same.";
}
