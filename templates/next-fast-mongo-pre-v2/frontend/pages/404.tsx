import Link from "next/link";
import { AppShell } from "@/components/app-shell";
import { buttonClass } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/states";

export default function NotFoundPage() {
  return (
    <AppShell title="Not found">
      <EmptyState
        title="There is no such page"
        text="The address may be wrong, or what it showed is gone."
        action={
          <Link href="/" className={buttonClass({ variant: "outline" })}>
            Go to the home page
          </Link>
        }
      />
    </AppShell>
  );
}
