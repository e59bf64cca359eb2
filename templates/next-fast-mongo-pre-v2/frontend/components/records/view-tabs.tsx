import Link from "next/link";
import { useRouter } from "next/router";
import type { Resource } from "@/lib/resource";
import { cn } from "@/lib/utils";
import { moreViews } from "./files";

/** Switches between the list and the other pages of one kind of record; nothing where there is only the list. */
export function ViewTabs({ resource }: { resource: Resource }) {
  const { asPath } = useRouter();
  const pathname = asPath.split(/[?#]/)[0];
  const views = [
    { href: `/${resource.slug}`, label: "List" },
    ...(resource.board ? [{ href: `/${resource.slug}/board`, label: "Board" }] : []),
    ...(resource.calendar ? [{ href: `/${resource.slug}/calendar`, label: "Calendar" }] : []),
    ...(resource.charts ? [{ href: `/${resource.slug}/charts`, label: "Charts" }] : []),
    ...moreViews(resource),
  ];
  if (views.length === 1) return null;
  return (
    <nav aria-label={`Views of ${resource.labelPlural}`} className="mb-5 flex gap-1 overflow-x-auto border-b">
      {views.map(({ href, label }) => (
        <Link
          key={href}
          href={href}
          aria-current={pathname === href ? "page" : undefined}
          className={cn(
            "-mb-px border-b-2 border-transparent px-3 py-2 text-sm text-muted-foreground hover:text-foreground",
            pathname === href && "border-primary font-medium text-foreground",
          )}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
