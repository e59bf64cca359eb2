"use client";

import Form from "next/form";
import type { ChangeEvent } from "react";

interface Filters {
  search: string;
  tag: string;
  onlyIn: string;
  showRetired: string;
}

/** A search that lives in the address: it can be kept, sent on and reloaded. */
export function ToolFilters({ tags, filters }: { tags: string[]; filters: Filters }) {
  function apply(event: ChangeEvent<HTMLInputElement | HTMLSelectElement>) {
    event.currentTarget.form?.requestSubmit();
  }

  return (
    <Form action="/" role="search" replace scroll={false}>
      <label>
        Search tools
        <input type="search" name="search" maxLength={100} defaultValue={filters.search} />
      </label>
      <label>
        With tag
        <select name="tag" defaultValue={filters.tag} onChange={apply}>
          <option value="">All tags</option>
          {tags.map((tag) => (
            <option key={tag}>{tag}</option>
          ))}
        </select>
      </label>
      <label className="tick">
        <input type="checkbox" name="onlyIn" value="yes" defaultChecked={filters.onlyIn === "yes"} onChange={apply} />
        Only those that are in
      </label>
      <label className="tick">
        <input type="checkbox" name="showRetired" value="yes" defaultChecked={filters.showRetired === "yes"} onChange={apply} />
        Show retired
      </label>
      <button type="submit">Search</button>
    </Form>
  );
}
