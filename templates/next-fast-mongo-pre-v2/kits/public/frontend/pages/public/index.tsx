import Link from "next/link";
import { PublicPage } from "@/components/public/public-page";
import { buttonClass } from "@/components/ui/button";
import { app } from "@/lib/app";
import { FORMS, landing, publicLists } from "@/lib/public";

export default function LandingPage() {
  return (
    <PublicPage>
      <h1 className="text-4xl font-semibold tracking-tight text-balance">{app.title}</h1>
      {landing.text && <p className="mt-4 text-lg text-muted-foreground">{landing.text}</p>}
      <div className="mt-8 flex flex-wrap gap-3">
        {FORMS.map((form) => (
          <Link key={form.slug} href={`/public/${form.slug}`} className={buttonClass()}>
            {form.title}
          </Link>
        ))}
        {publicLists().map((resource) => (
          <Link key={resource.slug} href={`/${resource.slug}`} className={buttonClass({ variant: "outline" })}>
            {resource.labelPlural}
          </Link>
        ))}
      </div>
    </PublicPage>
  );
}
