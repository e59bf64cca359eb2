import type { ImportReport } from "@/lib/exchange";
import { cn } from "@/lib/utils";

/** The first rows of a file, those with errors before the others. */
export function ImportRows({ report, isStored }: { report: ImportReport; isStored: boolean }) {
  return (
    <div className="overflow-x-auto rounded-xl border bg-surface shadow-xs">
      <table className="w-full text-sm">
        <caption className="sr-only">Rows of the file</caption>
        <thead className="border-b">
          <tr>
            {["Line", "Result", ...report.columns].map((head) => (
              <th key={head} scope="col" className="h-10 px-4 text-left text-xs font-medium whitespace-nowrap text-muted-foreground">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">
          {report.rows.map((row) => (
            <tr key={row.line} className={cn(row.errors.length > 0 && "bg-danger/5")}>
              <td className="px-4 py-2 align-top text-muted-foreground tabular-nums">{row.line}</td>
              <td className={cn("min-w-56 px-4 py-2 align-top", row.errors.length > 0 ? "text-danger" : "text-muted-foreground")}>
                {row.errors.length > 0 ? row.errors.join(" ") : isStored ? "Imported" : "Can be imported"}
              </td>
              {row.cells.map((cell, index) => (
                <td key={report.columns[index]} className="max-w-64 truncate px-4 py-2 align-top">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
