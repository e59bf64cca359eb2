import type { Query, Resource } from "@/lib/resource";

interface ListToolsProps {
  resource: Resource;
  /** What the list is narrowed to and sorted by. */
  query: Query;
}

/** What kits add above a list, such as files in and out. */
export function ListTools(_props: ListToolsProps) {
  return null;
}
