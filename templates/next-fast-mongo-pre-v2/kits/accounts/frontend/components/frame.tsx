import { LogIn, LogOut, UserRound, UsersRound } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/router";
import { type ReactNode, useEffect } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { ErrorState, LoadingRows } from "@/components/ui/states";
import { type Account, accounts, useAccount, useSessionChange } from "@/lib/accounts";
import type { Entry, Resource } from "@/lib/resource";
import { ENTRANCE, OPEN_PAGES, RIGHTS, ROLES } from "@/lib/rights";

/** What the login adds to every page: who may open it, and who is signed in. */

export type Action = "read" | "add" | "change" | "delete";
export type May = (resource: Resource, action: Action, record?: Entry) => boolean;

const ENTRANCES = ["/account/login", "/account/register", "/account/forgotten", "/account/reset", "/404", "/_error"];

/** Stands around every page and sends strangers to the login. */
export function Guard({ children }: { children: ReactNode }) {
  const router = useRouter();
  const { account, isError, error, refetch } = useAccount();
  const isOpen = ENTRANCES.includes(router.pathname) || OPEN_PAGES.includes(router.pathname);
  const isStranger = account === null && !isOpen;
  useEffect(() => {
    if (isStranger && router.isReady) void router.replace(router.asPath === "/" ? ENTRANCE : { pathname: "/account/login", query: { next: router.asPath } });
  }, [isStranger, router]);
  if (isError && !account) {
    return (
      <main className="mx-auto max-w-md p-6">
        <ErrorState message={error?.message ?? ""} onRetry={() => void refetch()} />
      </main>
    );
  }
  if (account === undefined || isStranger) {
    return (
      <main className="mx-auto max-w-6xl p-6">
        <LoadingRows rows={4} />
      </main>
    );
  }
  return children;
}

function allows(account: Account | null | undefined, resource: Resource, action: Action, record?: Entry): boolean {
  const who = RIGHTS[resource.slug]?.[action] ?? "signed_in";
  if (who === "anyone") return true;
  if (!account) return false;
  if (who === "signed_in") return true;
  if (who === "own") return account.rank > 0 || record === undefined || record.record_is_mine === true;
  return account.rank >= ROLES.indexOf(who);
}

/** What the person at the screen may do; the backend decides, this only hides what it would refuse. */
export function useMay(): May {
  const { account } = useAccount();
  return (resource, action, record) => allows(account, resource, action, record);
}

/** At the end of the navigation: who is signed in. */
export function PersonBox() {
  const { account } = useAccount();
  if (!account) {
    return (
      <div className="border-t px-2.5 py-2">
        <BoxLink href="/account/login" icon={<LogIn aria-hidden />} label="Log in" />
      </div>
    );
  }
  return (
    <div className="space-y-0.5 border-t px-2.5 py-2">
      {account.is_head && <BoxLink href="/account/people" icon={<UsersRound aria-hidden />} label="People" />}
      <div className="flex items-center gap-1">
        <Link
          href="/account"
          aria-label={`Your account, ${account.name}`}
          className="flex min-w-0 flex-1 items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-sm transition-colors hover:bg-muted"
        >
          <UserRound aria-hidden className="size-4 shrink-0 text-muted-foreground" />
          <span className="min-w-0">
            <span className="block truncate font-medium">{account.name}</span>
            {ROLES.length > 1 && <span className="block truncate text-xs text-muted-foreground">{account.role}</span>}
          </span>
        </Link>
        <LogOutButton />
      </div>
    </div>
  );
}

function BoxLink({ href, icon, label }: { href: string; icon: ReactNode; label: string }) {
  const { pathname } = useRouter();
  return (
    <Link
      href={href}
      aria-current={pathname === href ? "page" : undefined}
      className="flex h-9 items-center gap-2.5 rounded-lg px-2.5 text-sm text-muted-foreground transition-colors hover:bg-muted hover:text-foreground aria-[current=page]:bg-muted aria-[current=page]:font-medium aria-[current=page]:text-foreground [&_svg]:size-4"
    >
      {icon}
      {label}
    </Link>
  );
}

function LogOutButton() {
  const router = useRouter();
  const changed = useSessionChange();
  const logOut = async () => {
    try {
      await accounts.logout();
      await router.push("/account/login");
      await changed();
    } catch (error) {
      toast.error(error instanceof Error ? error.message : "Logging out did not work.");
    }
  };
  return (
    <Button type="button" variant="ghost" size="icon" aria-label="Log out" title="Log out" onClick={() => void logOut()}>
      <LogOut />
    </Button>
  );
}
