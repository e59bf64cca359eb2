import type { Resource } from "@/lib/resource";
import { RecordList } from "./record-list";
import { ViewPage } from "./view-page";

export function ListPage({ resource }: { resource: Resource }) {
  return <ViewPage resource={resource}>{(add) => <RecordList resource={resource} onAdd={add} />}</ViewPage>;
}
