// stackwright: placeholder, may be replaced by a home page of the application's own
import { Hammer } from "lucide-react";
import { AppShell, PageHeader } from "@/components/app-shell";
import { Overview } from "@/components/records/overview";
import { EmptyState } from "@/components/ui/states";
import { app, navigation } from "@/lib/app";

export default function HomePage() {
  return (
    <AppShell>
      <PageHeader title={app.title} text={app.description} />
      {navigation.length > 0 ? (
        <Overview />
      ) : (
        <EmptyState icon={<Hammer aria-hidden />} title="Being built" text="The pages of this application appear here soon." />
      )}
    </AppShell>
  );
}
