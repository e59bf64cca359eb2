import { useQuery } from "@tanstack/react-query";
import { ImageIcon } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/router";
import { useState } from "react";
import { AppShell } from "@/components/app-shell";
import { moreViews, usePictures } from "@/components/records/files";
import { ViewPage } from "@/components/records/view-page";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorState, LoadingRows } from "@/components/ui/states";
import { titleOf } from "@/lib/format";
import { inSentence, type Resource } from "@/lib/resource";
import * as resources from "@/lib/resources";

const PAGE_SIZE = 48;

export default function GalleryPage() {
  const { query } = useRouter();
  const all: Resource[] = Object.values(resources);
  const resource = all.find((one) => one.slug === query.records && moreViews(one).length > 0);
  if (!resource) {
    return (
      <AppShell title="Gallery">
        <EmptyState title="There are no pictures here" text="There is no such list." />
      </AppShell>
    );
  }
  return <ViewPage resource={resource}>{() => <Gallery key={resource.slug} resource={resource} />}</ViewPage>;
}

/** The pictures of all records, those of a page at a time. */
function Gallery({ resource }: { resource: Resource }) {
  const [page, setPage] = useState(1);
  const list = useQuery({
    queryKey: [resource.slug, "list", "gallery", page],
    queryFn: ({ signal }) => resource.api.list({ sort: resource.sort ?? "-created_at", page, page_size: PAGE_SIZE }, { signal }),
  });
  const items = list.data?.items ?? [];
  const pictures = usePictures(resource, items);
  if (list.isPending) return <LoadingRows />;
  if (list.isError) return <ErrorState message={list.error.message} onRetry={() => void list.refetch()} />;
  if (items.length === 0) return <EmptyState title={`No ${inSentence(resource.labelPlural)} yet`} text="Their pictures appear here." />;
  return (
    <>
      <ul className="grid grid-cols-2 gap-4 sm:grid-cols-3 lg:grid-cols-4">
        {items.map((record) => (
          <li key={record.id}>
            <Link href={`/${resource.slug}/${record.id}`} className="group block overflow-hidden rounded-xl border bg-surface shadow-xs">
              {pictures[record.id] ? (
                <img src={pictures[record.id]} alt="" width={320} height={240} loading="lazy" className="aspect-4/3 w-full object-cover" />
              ) : (
                <span className="flex aspect-4/3 items-center justify-center bg-muted text-muted-foreground">
                  <ImageIcon aria-hidden className="size-6" />
                </span>
              )}
              <span className="block truncate px-3 py-2 text-sm font-medium underline-offset-4 group-hover:underline">{titleOf(resource, record)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {(list.data?.total ?? 0) > PAGE_SIZE && (
        <nav aria-label="Pages" className="mt-5 flex justify-end gap-2">
          <Button variant="outline" disabled={page === 1} onClick={() => setPage(page - 1)}>
            Previous
          </Button>
          <Button variant="outline" disabled={page * PAGE_SIZE >= (list.data?.total ?? 0)} onClick={() => setPage(page + 1)}>
            Next
          </Button>
        </nav>
      )}
    </>
  );
}
