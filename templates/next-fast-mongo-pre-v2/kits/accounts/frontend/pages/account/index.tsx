import { useQueryClient } from "@tanstack/react-query";
import { AccountForm } from "@/components/accounts/account-form";
import { AppShell, PageHeader } from "@/components/app-shell";
import { accounts, useAccount } from "@/lib/accounts";

export default function ProfilePage() {
  const client = useQueryClient();
  const { account } = useAccount();
  if (!account) return null;
  return (
    <AppShell title="Your account">
      <PageHeader title="Your account" text={`${account.email} · ${account.role}`} />
      <div className="grid max-w-3xl items-start gap-6 md:grid-cols-2">
        <section className="rounded-xl border bg-surface p-5 shadow-xs">
          <h2 className="mb-4 text-base font-semibold">Name</h2>
          <AccountForm
            key={account.id}
            fields={[{ name: "name", label: "Name", autoComplete: "name", initial: account.name }]}
            action="Save the name"
            done={() => "Saved."}
            onSend={async ({ name }) => {
              await accounts.rename({ name });
              await client.invalidateQueries();
            }}
          />
        </section>
        <section className="rounded-xl border bg-surface p-5 shadow-xs">
          <h2 className="mb-4 text-base font-semibold">Password</h2>
          <AccountForm
            fields={[
              { name: "current", label: "Current password", type: "password", autoComplete: "current-password" },
              { name: "password", label: "New password", type: "password", autoComplete: "new-password", minLength: 8, hint: "At least 8 characters." },
            ]}
            action="Change the password"
            done={() => "Changed. Your other browsers are logged out."}
            onSend={({ current, password }) => accounts.changePassword({ current, password })}
          />
        </section>
      </div>
    </AppShell>
  );
}
