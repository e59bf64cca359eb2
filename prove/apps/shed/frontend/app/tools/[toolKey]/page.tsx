import Link from "next/link";
import { LoanActions } from "@/components/loan-actions";
import { ToolEditor } from "@/components/tool-editor";
import { ToolState } from "@/components/tool-state";
import { read } from "@/lib/read";
import type { Tool } from "@/lib/types";
import { euros } from "@/lib/words";

export default async function ToolPage({ params }: { params: Promise<{ toolKey: string }> }) {
  const { toolKey } = await params;
  const { data: tool, problem } = await read<Tool>(`/tools/${encodeURIComponent(toolKey)}`);
  if (!tool) return <p role="alert">{problem}</p>;
  return (
    <>
      <p>
        <Link href="/">All tools</Link>
      </p>
      <h1>{tool.name}</h1>
      <p>
        <ToolState tool={tool} />
      </p>
      <dl>
        <dt>Shelf</dt>
        <dd>{tool.shelf || "none"}</dd>
        <dt>Deposit</dt>
        <dd>{euros(tool.depositCents)}</dd>
        <dt>Tags</dt>
        <dd>{tool.tags.join(", ") || "none"}</dd>
        <dt>Waiting list</dt>
        <dd>{tool.waiting === 0 ? "nobody" : `${tool.waiting} waiting${tool.myPlace ? `, you are number ${tool.myPlace}` : ""}`}</dd>
      </dl>
      <LoanActions tool={tool} />
      <ToolEditor tool={tool} />
    </>
  );
}
