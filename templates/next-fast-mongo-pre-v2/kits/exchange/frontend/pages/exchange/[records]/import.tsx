import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/router";
import { AppShell, PageHeader } from "@/components/app-shell";
import { ImportForm } from "@/components/exchange/import-form";
import { useMay } from "@/components/frame";
import { EmptyState } from "@/components/ui/states";
import { resourceFor } from "@/lib/exchange";
import { inSentence } from "@/lib/resource";

export default function ImportPage() {
  const { query } = useRouter();
  const may = useMay();
  const resource = resourceFor(query.records, "import");
  if (!resource || !may(resource, "add")) {
    return (
      <AppShell title="Import">
        <EmptyState title="Nothing can be imported here" text="There is no such list, or you may not add to it." />
      </AppShell>
    );
  }
  const nouns = inSentence(resource.labelPlural);
  return (
    <AppShell title={`Import ${nouns}`}>
      <Link
        href={`/${resource.slug}`}
        className="mb-4 inline-flex items-center gap-1.5 rounded-sm text-sm text-muted-foreground hover:text-foreground"
      >
        <ArrowLeft aria-hidden className="size-4" /> {resource.labelPlural}
      </Link>
      <PageHeader title={`Import ${nouns}`} text="A CSV or JSON file with one row for each. Nothing is stored before you have seen what it holds." />
      <ImportForm key={resource.slug} resource={resource} />
    </AppShell>
  );
}
