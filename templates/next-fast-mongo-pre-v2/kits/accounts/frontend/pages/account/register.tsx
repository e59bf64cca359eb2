import Link from "next/link";
import { useRouter } from "next/router";
import { AccountForm } from "@/components/accounts/account-form";
import { Entrance } from "@/components/accounts/entrance";
import { accounts, nextPage, useAccount, useSessionChange } from "@/lib/accounts";

export default function RegisterPage() {
  const router = useRouter();
  const changed = useSessionChange();
  const { account, isOpen } = useAccount();
  const invitation = typeof router.query.invitation === "string" ? router.query.invitation : "";
  const email = typeof router.query.email === "string" ? router.query.email : "";
  if (account !== undefined && !isOpen && !invitation && router.isReady) {
    return (
      <Entrance title="Register" text="You need an invitation to register. Ask the people who run this for one.">
        <LoginLink />
      </Entrance>
    );
  }
  return (
    <Entrance title="Register">
      <AccountForm
        key={email}
        fields={[
          { name: "name", label: "Name", autoComplete: "name" },
          { name: "email", label: "E-mail", type: "email", autoComplete: "username", initial: email },
          { name: "password", label: "Password", type: "password", autoComplete: "new-password", minLength: 8, hint: "At least 8 characters." },
        ]}
        action="Register"
        onSend={async ({ name, email: address, password }) => {
          await accounts.register({ name, email: address, password, invitation });
          await changed();
          await router.push(nextPage(router.query.next));
        }}
      >
        <LoginLink />
      </AccountForm>
    </Entrance>
  );
}

function LoginLink() {
  return (
    <p className="text-sm text-muted-foreground">
      You have an account?{" "}
      <Link href="/account/login" className="font-medium text-primary underline-offset-4 hover:underline">
        Log in
      </Link>
    </p>
  );
}
