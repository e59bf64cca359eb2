import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, Printer } from "lucide-react";
import Head from "next/head";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { ErrorState, LoadingRows } from "@/components/ui/states";
import { app } from "@/lib/app";
import { formatMoment, formatValue } from "@/lib/format";
import { type Entry, fieldOf, type Query, type Resource } from "@/lib/resource";

const PAGE_SIZE = 100;
const MAX_PAGES = 20;

/** All records of a list as they come onto paper: dark on white, without anything to click. */
export function PrintSheet({ resource, query }: { resource: Resource; query: Query }) {
  const list = useQuery({ queryKey: [resource.slug, "print", query], queryFn: ({ signal }) => allRecords(resource, query, signal) });
  const title = fieldOf(resource, resource.title);
  const fields = [...(title ? [title] : []), ...resource.fields.filter((field) => field !== title)];
  return (
    <main className="min-h-dvh bg-white p-6 text-sm text-black [color-scheme:light] print:p-0">
      <Head>
        <title>{`${resource.labelPlural} · ${app.title}`}</title>
      </Head>
      <div className="mb-6 flex justify-between gap-3 print:hidden">
        <Link href={`/${resource.slug}`} className="inline-flex items-center gap-1.5 rounded-sm underline-offset-4 hover:underline">
          <ArrowLeft aria-hidden className="size-4" /> {resource.labelPlural}
        </Link>
        <Button type="button" disabled={!list.data} onClick={() => window.print()}>
          <Printer /> Print
        </Button>
      </div>
      <h1 className="text-xl font-semibold">{resource.labelPlural}</h1>
      {list.isPending ? (
        <LoadingRows />
      ) : list.isError ? (
        <ErrorState message={list.error.message} onRetry={() => void list.refetch()} />
      ) : (
        <>
          <p className="mt-1 mb-4 text-xs text-neutral-600">
            {app.title} · {formatMoment(new Date(list.dataUpdatedAt).toISOString())} · {list.data.items.length < list.data.total ? `the first ${list.data.items.length} of ${list.data.total}` : list.data.total}
          </p>
          <div className="overflow-x-auto">
            <table className="w-full border-collapse text-left">
              <thead className="print:table-header-group">
                <tr>
                  {fields.map((field) => (
                    <th key={field.name} scope="col" className="border-b border-black py-1.5 pr-4 align-bottom font-semibold">
                      {field.label}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {list.data.items.map((record) => (
                  <tr key={record.id} className="break-inside-avoid">
                    {fields.map((field) => (
                      <td key={field.name} className="border-b border-neutral-300 py-1.5 pr-4 align-top break-words">
                        {formatValue(field, record)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </main>
  );
}

async function allRecords(resource: Resource, query: Query, signal: AbortSignal): Promise<{ items: Entry[]; total: number }> {
  const items: Entry[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const found = await resource.api.list({ ...query, page, page_size: PAGE_SIZE }, { signal });
    items.push(...found.items);
    if (items.length >= found.total || found.items.length === 0) return { items, total: found.total };
  }
  const { total } = await resource.api.list({ ...query, page_size: 1 }, { signal });
  return { items, total };
}
