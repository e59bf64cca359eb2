import { useQuery } from "@tanstack/react-query";
import { AppShell, PageHeader } from "@/components/app-shell";
import { EmptyState, ErrorState, LoadingRows } from "@/components/ui/states";
import { accounts, useAccount, withLinksToHere } from "@/lib/accounts";

export default function OutboxPage() {
  const { account } = useAccount();
  const mails = useQuery({ queryKey: ["outbox"], queryFn: accounts.outbox, enabled: account?.is_head === true });
  return (
    <AppShell title="Mails not sent">
      <PageHeader title="Mails not sent" text="Without a mail server (SMTP_HOST) mails wait here instead of being sent." />
      {account && !account.is_head ? (
        <EmptyState title="This page is not for you" text="Only those who look after the people may see it." />
      ) : mails.isError ? (
        <ErrorState message={mails.error.message} onRetry={() => void mails.refetch()} />
      ) : !mails.data ? (
        <LoadingRows />
      ) : mails.data.length === 0 ? (
        <EmptyState title="No mails" text="Invitations and links for new passwords appear here." />
      ) : (
        <ul className="grid gap-4">
          {mails.data.map((mail) => (
            <li key={mail.id} className="min-w-0 rounded-xl border bg-surface p-5 text-sm shadow-xs">
              <p className="text-muted-foreground">{`To ${mail.to}`}</p>
              <p className="font-medium">{mail.subject}</p>
              <p className="mt-2 [overflow-wrap:anywhere] whitespace-pre-wrap">{withLinksToHere(mail.text)}</p>
            </li>
          ))}
        </ul>
      )}
    </AppShell>
  );
}
