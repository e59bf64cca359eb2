import Link from "next/link";
import { NewTool } from "@/components/new-tool";
import { ToolFilters } from "@/components/tool-filters";
import { ToolState } from "@/components/tool-state";
import { read } from "@/lib/read";
import type { Page, Tool } from "@/lib/types";
import { euros } from "@/lib/words";

const PER_PAGE = 10;

interface Asked {
  search?: string;
  tag?: string;
  onlyIn?: string;
  showRetired?: string;
  from?: string;
}

export default async function ToolsPage({ searchParams }: { searchParams: Promise<Asked> }) {
  const { search = "", tag = "", onlyIn = "", showRetired = "", from = "0" } = await searchParams;
  const filters = { search, tag, onlyIn, showRetired };
  const offset = Math.max(0, Number.parseInt(from, 10) || 0);
  const query = new URLSearchParams({
    search,
    tag,
    onlyIn: String(onlyIn === "yes"),
    showRetired: String(showRetired === "yes"),
    offset: String(offset),
    limit: String(PER_PAGE),
  });
  const [{ data, problem }, tags] = await Promise.all([read<Page<Tool>>(`/tools?${query}`), read<string[]>("/tools/tags")]);

  function pageFrom(start: number): string {
    return `/?${new URLSearchParams({ ...filters, from: String(start) })}`;
  }

  return (
    <>
      <h1>Tools</h1>
      <NewTool />
      <ToolFilters key={new URLSearchParams(filters).toString()} tags={tags.data ?? []} filters={filters} />
      {problem && <p role="alert">{problem}</p>}
      {data && data.items.length === 0 && <p>No tools here.</p>}
      {data && data.items.length > 0 && (
        <ul className="tools">
          {data.items.map((tool) => (
            <li key={tool.key}>
              <Link href={`/tools/${tool.key}`}>{tool.name}</Link>
              <ToolState tool={tool} />
              <span>{tool.shelf && `Shelf ${tool.shelf}`}</span>
              <span>{`Deposit ${euros(tool.depositCents)}`}</span>
              <span className="tags">{tool.tags.join(", ")}</span>
            </li>
          ))}
        </ul>
      )}
      {data && data.total > PER_PAGE && (
        <nav className="pages" aria-label="Pages">
          {offset > 0 && <Link href={pageFrom(Math.max(0, offset - PER_PAGE))}>Previous</Link>}
          <span>{`${Math.min(offset + 1, data.total)} to ${Math.min(offset + PER_PAGE, data.total)} of ${data.total}`}</span>
          {offset + PER_PAGE < data.total && <Link href={pageFrom(offset + PER_PAGE)}>Next</Link>}
        </nav>
      )}
    </>
  );
}
