import type { PathDiff } from "../../shared/diff/of-step";

const TINTS: Record<string, string> = { "+": "bg-good-tint", "-": "bg-bad-tint" };

export function StepDiff({ diff }: { diff: PathDiff }) {
  return (
    <figure aria-label={`Change of ${diff.path}`} className="overflow-hidden rounded-md border border-line bg-paper">
      <figcaption className="truncate border-b border-line px-2 py-0.5 font-mono text-soft" title={diff.path}>{diff.path}{diff.isNew ? " (as written)" : ""}</figcaption>
      <div tabIndex={0} role="region" aria-label={`Lines of ${diff.path}`} className="max-h-72 overflow-auto">
        <table className="w-full border-collapse font-mono"><tbody>
          {diff.lines.map((line, index) => (
            <tr key={index} className={TINTS[line[0] ?? ""] ?? ""}>
              <td className="w-5 min-w-5 text-center align-top text-soft select-none">{line[0] === "-" ? "−" : line[0]}</td>
              <td className="pr-2 whitespace-pre">{line.slice(1) || " "}</td>
            </tr>
          ))}
        </tbody></table>
      </div>
      {diff.more ? <p className="border-t border-line px-2 py-0.5 text-soft">and {diff.more} more lines</p> : null}
    </figure>
  );
}
