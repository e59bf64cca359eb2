import { Download, Printer, Upload } from "lucide-react";
import Link from "next/link";
import { useMay } from "@/components/frame";
import { buttonClass } from "@/components/ui/button";
import { exportAddress, printAddress, WAYS } from "@/lib/exchange";
import { inSentence, type Query, type Resource } from "@/lib/resource";

interface ListToolsProps {
  resource: Resource;
  /** What the list is narrowed to and sorted by. */
  query: Query;
}

const LINK = buttonClass({ variant: "ghost", size: "sm" });

/** Above a list: its records into files, onto paper, and out of a file. */
export function ListTools({ resource, query }: ListToolsProps) {
  const mayAdd = useMay()(resource, "add");
  const ways = WAYS[resource.slug] ?? [];
  const mayImport = ways.includes("import") && mayAdd;
  if (ways.length === 0 || (ways.length === 1 && ways[0] === "import" && !mayImport)) return null;
  return (
    <nav aria-label={`Files of ${inSentence(resource.labelPlural)}`} className="mb-3 flex flex-wrap justify-end gap-1">
      {mayImport && (
        <Link href={`/exchange/${resource.slug}/import`} className={LINK}>
          <Upload aria-hidden /> Import
        </Link>
      )}
      {ways.includes("export") && (
        <>
          <a href={exportAddress(resource, query, "csv")} download className={LINK}>
            <Download aria-hidden /> Export CSV
          </a>
          <a href={exportAddress(resource, query, "json")} download className={LINK}>
            <Download aria-hidden /> Export JSON
          </a>
        </>
      )}
      {ways.includes("print") && (
        <Link href={printAddress(resource, query)} className={LINK}>
          <Printer aria-hidden /> Print
        </Link>
      )}
    </nav>
  );
}
