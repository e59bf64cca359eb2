import Link from "next/link";
import { useRouter } from "next/router";
import { AccountForm } from "@/components/accounts/account-form";
import { Entrance } from "@/components/accounts/entrance";
import { accounts, useSessionChange } from "@/lib/accounts";

export default function ResetPage() {
  const router = useRouter();
  const changed = useSessionChange();
  const link = typeof router.query.link === "string" ? router.query.link : "";
  return (
    <Entrance title="A new password">
      <AccountForm
        fields={[{ name: "password", label: "New password", type: "password", autoComplete: "new-password", minLength: 8, hint: "At least 8 characters." }]}
        action="Set the password"
        onSend={async ({ password }) => {
          await accounts.reset({ link, password });
          await changed();
          await router.push("/");
        }}
      >
        <Link href="/account/forgotten" className="text-sm text-muted-foreground underline-offset-4 hover:text-foreground hover:underline">
          Ask for another link
        </Link>
      </AccountForm>
    </Entrance>
  );
}
