import Link from "next/link";
import { AccountForm } from "@/components/accounts/account-form";
import { Entrance } from "@/components/accounts/entrance";
import { accounts } from "@/lib/accounts";

export default function ForgottenPage() {
  return (
    <Entrance title="A new password" text="We send you a link with which you choose a new one.">
      <AccountForm
        fields={[{ name: "email", label: "E-mail", type: "email", autoComplete: "username" }]}
        action="Send the link"
        done={() => "If there is an account with this address, a mail is on its way."}
        onSend={({ email }) => accounts.forgotten({ email })}
      >
        <Link href="/account/login" className="text-sm text-muted-foreground underline-offset-4 hover:text-foreground hover:underline">
          Back to the login
        </Link>
      </AccountForm>
    </Entrance>
  );
}
