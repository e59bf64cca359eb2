import Link from "next/link";
import { Badge, toneOf } from "@/components/ui/badge";
import { formatDay, formatMoment, formatValue, isEmpty } from "@/lib/format";
import type { Entry, Field } from "@/lib/resource";

const LINK = "text-primary underline-offset-4 hover:underline break-words";

/** One value of a record, as its type is best shown. */
export function Value({ field, record }: { field: Field; record: Entry }) {
  const value = record[field.name];
  if (isEmpty(value)) return <span className="text-muted-foreground/60">–</span>;
  switch (field.type) {
    case "reference":
      return (
        <Link href={`/${field.target?.().slug}/${String(value)}`} className={LINK}>
          {formatValue(field, record)}
        </Link>
      );
    case "references":
      return (
        <span className="flex flex-wrap gap-x-3 gap-y-1">
          {(value as string[]).map((id) => (
            <Link key={id} href={`/${field.target?.().slug}/${id}`} className={LINK}>
              {record.titles[id] ?? "–"}
            </Link>
          ))}
        </span>
      );
    case "enum":
      return <Badge tone={toneOf(String(value))}>{String(value)}</Badge>;
    case "boolean":
      return <Badge tone={value ? "success" : "neutral"}>{value ? "Yes" : "No"}</Badge>;
    case "tags":
      return (
        <span className="flex flex-wrap gap-1">
          {(value as string[]).map((tag) => (
            <Badge key={tag}>{tag}</Badge>
          ))}
        </span>
      );
    case "date":
      return <time dateTime={String(value)}>{formatDay(String(value))}</time>;
    case "datetime":
      return <time dateTime={String(value)}>{formatMoment(String(value))}</time>;
    case "email":
      return (
        <a href={`mailto:${String(value)}`} className={LINK}>
          {String(value)}
        </a>
      );
    case "url":
      return (
        <a href={String(value)} target="_blank" rel="noreferrer" className={LINK}>
          {String(value).replace(/^https?:\/\/|\/$/g, "")}
        </a>
      );
    case "text":
      return <span className="break-words whitespace-pre-wrap">{String(value)}</span>;
    default:
      return <span className={typeof value === "number" ? "whitespace-nowrap tabular-nums" : "break-words"}>{formatValue(field, record)}</span>;
  }
}
