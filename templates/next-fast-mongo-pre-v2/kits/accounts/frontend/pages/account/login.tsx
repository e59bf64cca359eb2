import Link from "next/link";
import { useRouter } from "next/router";
import { AccountForm } from "@/components/accounts/account-form";
import { Entrance } from "@/components/accounts/entrance";
import { accounts, nextPage, useAccount, useSessionChange } from "@/lib/accounts";

export default function LoginPage() {
  const router = useRouter();
  const changed = useSessionChange();
  const { isOpen } = useAccount();
  return (
    <Entrance title="Log in">
      <AccountForm
        fields={[
          { name: "email", label: "E-mail", type: "email", autoComplete: "username" },
          { name: "password", label: "Password", type: "password", autoComplete: "current-password" },
        ]}
        action="Log in"
        onSend={async ({ email, password }) => {
          await accounts.login({ email, password });
          await changed();
          await router.push(nextPage(router.query.next));
        }}
      >
        <div className="flex flex-wrap justify-between gap-2 text-sm">
          <Link href="/account/forgotten" className="text-muted-foreground underline-offset-4 hover:text-foreground hover:underline">
            Forgotten the password?
          </Link>
          {isOpen && (
            <Link
              href={{ pathname: "/account/register", query: router.query.next ? { next: router.query.next } : {} }}
              className="font-medium text-primary underline-offset-4 hover:underline"
            >
              Register
            </Link>
          )}
        </div>
      </AccountForm>
    </Entrance>
  );
}
