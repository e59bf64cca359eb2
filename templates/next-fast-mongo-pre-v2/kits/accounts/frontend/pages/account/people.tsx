import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Mail } from "lucide-react";
import Link from "next/link";
import { toast } from "sonner";
import { AccountForm } from "@/components/accounts/account-form";
import { AppShell, PageHeader } from "@/components/app-shell";
import { buttonClass } from "@/components/ui/button";
import { Select } from "@/components/ui/input";
import { EmptyState, ErrorState, LoadingRows } from "@/components/ui/states";
import { type Account, accounts, type Invited, useAccount, withLinksToHere } from "@/lib/accounts";
import { ROLES } from "@/lib/rights";

export default function PeoplePage() {
  const { account } = useAccount();
  const people = useQuery({ queryKey: ["people"], queryFn: accounts.people, enabled: account?.is_head === true });
  if (account && !account.is_head) {
    return (
      <AppShell title="People">
        <EmptyState title="This page is not for you" text={`Only ${ROLES[ROLES.length - 1]} may see it.`} />
      </AppShell>
    );
  }
  return (
    <AppShell title="People">
      <PageHeader
        title="People"
        actions={
          <Link href="/account/outbox" className={buttonClass({ variant: "outline" })}>
            <Mail aria-hidden /> Mails not sent
          </Link>
        }
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <section aria-label="People" className="overflow-hidden rounded-xl border bg-surface shadow-xs">
          {people.isError ? (
            <ErrorState message={people.error.message} onRetry={() => void people.refetch()} />
          ) : people.data ? (
            <ul className="divide-y">
              {people.data.map((person) => (
                <PersonRow key={person.id} person={person} />
              ))}
            </ul>
          ) : (
            <LoadingRows />
          )}
        </section>
        <section className="rounded-xl border bg-surface p-5 shadow-xs">
          <h2 className="mb-4 text-base font-semibold">Invite somebody</h2>
          <AccountForm
            fields={[
              { name: "email", label: "E-mail", type: "email", autoComplete: "off" },
              { name: "role", label: "Role", choices: ROLES },
            ]}
            action="Send the invitation"
            done={({ email, link, is_sent }: Invited) => (is_sent ? `The invitation was sent to ${email}.` : `No mail was sent. Give ${email} this link: ${withLinksToHere(link)}`)}
            onSend={({ email, role }) => accounts.invite({ email, role })}
          />
        </section>
      </div>
    </AppShell>
  );
}

function PersonRow({ person }: { person: Account }) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (role: string) => accounts.changeRole(person.id, role),
    onSuccess: () => toast.success(`${person.name}: role changed`),
    onError: (error) => toast.error(error.message),
    onSettled: () => client.invalidateQueries(),
  });
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3 text-sm">
      <span className="min-w-0">
        <span className="block truncate font-medium">{person.name}</span>
        <span className="block truncate text-muted-foreground">{person.email}</span>
      </span>
      <Select className="w-36" aria-label={`Role of ${person.name}`} value={person.role} disabled={change.isPending} onChange={(event) => change.mutate(event.target.value)}>
        {ROLES.map((role) => (
          <option key={role}>{role}</option>
        ))}
      </Select>
    </li>
  );
}
