import { useRouter } from "next/router";
import { PublicForm } from "@/components/public/public-form";
import { PublicPage } from "@/components/public/public-page";
import { EmptyState } from "@/components/ui/states";
import { FORMS, resourceOf } from "@/lib/public";

export default function PublicFormPage() {
  const { query, isReady } = useRouter();
  const form = FORMS.find((one) => one.slug === query.records);
  const resource = resourceOf(form?.slug);
  return (
    <PublicPage title={form?.title}>
      {form && resource ? (
        <PublicForm key={form.slug} form={form} resource={resource} />
      ) : (
        isReady && <EmptyState title="There is no such form" text="The address may be wrong." />
      )}
    </PublicPage>
  );
}
