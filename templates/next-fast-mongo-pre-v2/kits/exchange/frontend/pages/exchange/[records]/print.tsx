import { useRouter } from "next/router";
import { AppShell } from "@/components/app-shell";
import { PrintSheet } from "@/components/exchange/print-sheet";
import { EmptyState } from "@/components/ui/states";
import { resourceFor } from "@/lib/exchange";
import type { Query } from "@/lib/resource";

export default function PrintPage() {
  const { query, isReady } = useRouter();
  const { records, ...asked } = query;
  const resource = resourceFor(records, "print");
  if (isReady && !resource) {
    return (
      <AppShell title="Print">
        <EmptyState title="Nothing can be printed here" text="There is no such list." />
      </AppShell>
    );
  }
  return resource ? <PrintSheet resource={resource} query={asked as Query} /> : null;
}
