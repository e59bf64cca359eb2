// How this machine is doing, what it lacks, which key would turn on what, and what was spent.

import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { api, taken, USER, type Schemas } from "../../shared/api/client";
import { Button } from "../../shared/ui/button";
import { Loading, Trouble } from "../../shared/ui/empty";
import { Mark } from "../../shared/ui/mark";
import { Spending } from "../../shared/ui/spending";
import { partWords, queueWords } from "./words";

export default function PlatformPage() {
  const health = useQuery({ queryKey: ["health"], queryFn: readHealth, refetchInterval: 10_000 });
  const platform = useQuery({ queryKey: ["platform"], queryFn: () => taken(api.GET("/api/platform")), staleTime: 60_000 });
  const isOperator = platform.data?.is_operator === true;
  const queue = useQuery({ queryKey: ["platform", "queue"], queryFn: () => taken(api.GET("/api/platform/queue")), refetchInterval: 10_000, enabled: isOperator });
  const costs = useQuery({
    queryKey: ["costs", USER],
    queryFn: () => taken(api.GET("/api/users/{user_id}/costs", { params: { path: { user_id: USER }, query: { days: 30 } } })),
  });
  return (
    <div className="mx-auto max-w-3xl space-y-4 p-4">
      <h1 className="text-xl font-semibold">The platform</h1>
      <Card title="How it is doing">
        {health.error ? <Trouble>{health.error.message}</Trouble> : !health.data ? <Loading what="Looking" /> : (
          <>
            <p className="mb-2">{HEALTH[health.data.status]} <span className="text-soft">Version {health.data.version}{platform.data ? `, builds with ${platform.data.builds_with}` : ""}.</span></p>
            <ul className="space-y-1">
              {Object.entries(health.data.parts).map(([name, part]) => (
                <li key={name} className="flex gap-2"><span className="pt-1"><Mark state={part.status === "ok" ? "done" : part.status === "off" ? "pending" : "failed"} /></span><span className="min-w-0 wrap-anywhere">{partWords(name, part)}</span></li>
              ))}
              {queue.data ? <li className="flex gap-2"><span className="pt-1"><Mark state="done" /></span><span className="min-w-0">{queueWords(queue.data)}</span></li> : null}
            </ul>
          </>
        )}
      </Card>
      {platform.data && !platform.data.is_operator ? (
        <Card title="More about the machine"><p className="text-soft">What it lacks and which keys are set is told to who runs the platform: open this page on the machine itself, or run <code className="font-mono">stackwright doctor</code> there.</p></Card>
      ) : <Machine told={platform.data} problem={platform.error} again={() => void platform.refetch()} />}
      <Card title="Your spending in the last 30 days">
        {costs.error ? <Trouble>{costs.error.message}</Trouble> : costs.data ? <Spending costs={costs.data} /> : <p className="text-soft">Adding up…</p>}
      </Card>
    </div>
  );
}

type MachineProps = { told: Schemas["PlatformOut"] | undefined; problem: Error | null; again: () => void };

function Machine({ told, problem, again }: MachineProps) {
  const lacking = told?.findings.filter((one) => !one.ok) ?? [];
  const fine = told?.findings.filter((one) => one.ok) ?? [];
  return (
    <>
      <Card title="What this machine lacks">
        {problem ? <Trouble action={<Button small onClick={again}>Try again</Button>}>{problem.message}</Trouble> : !told ? <p className="text-soft"><span className="breathe">Looking at the machine. This takes some seconds…</span></p> : (
          <>
            {lacking.length ? <ul className="space-y-3">{lacking.map((one) => <Finding key={one.name} one={one} />)}</ul> : <p>Nothing. Everything that is needed is here.</p>}
            <details className="mt-3 text-sm"><summary className="text-soft underline underline-offset-3">What is fine ({fine.length})</summary><ul className="mt-2 space-y-1">{fine.map((one) => <Finding key={one.name} one={one} />)}</ul></details>
          </>
        )}
      </Card>
      <Card title="Keys, and what they turn on">
        <p className="mb-2 text-sm text-soft">Keys are set in the file <code className="font-mono">.env</code> or in the environment before the platform starts. They are shown to nobody.</p>
        <ul className="divide-y divide-line">{told?.keys.map((key) => <Key key={key.name} one={key} />)}</ul>
      </Card>
    </>
  );
}

const HEALTH = { ok: "Everything works.", degraded: "A part is missing, the rest works.", failed: "A part is down without which nothing works." } as const;

// A platform that is ill answers 503 with the same facts.
async function readHealth(): Promise<Schemas["Health"]> {
  const response = await fetch("/health");
  const facts = (await response.json().catch(() => null)) as Schemas["Health"] | null;
  if (!facts?.parts) throw new Error("The platform does not answer.");
  return facts;
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return <section className="rounded-xl border border-line bg-paper p-4"><h2 className="mb-2 font-semibold">{title}</h2>{children}</section>;
}

function Finding({ one }: { one: Schemas["FindingOut"] }) {
  return (
    <li className="flex gap-2">
      <span className="pt-1"><Mark state={one.ok ? "done" : one.needed ? "failed" : "yours_to_judge"} /></span>
      <span className="min-w-0 wrap-anywhere"><span className="sr-only">{one.ok ? "Fine: " : one.needed ? "Missing: " : "Weak: "}</span>{one.detail}{one.fix ? <span className="block text-sm text-soft">{one.fix}</span> : null}</span>
    </li>
  );
}

function Key({ one }: { one: Schemas["KeyOut"] }) {
  const [told, setTold] = useState<Schemas["KeyTest"] | null>(null);
  const [isBusy, setBusy] = useState(false);
  const test = async () => {
    setBusy(true);
    setTold(await taken(api.POST("/api/platform/try-key", { params: { query: { name: one.name } } })).catch((error: Error) => ({ ok: false, sentence: error.message })));
    setBusy(false);
  };
  return (
    <li className="flex flex-wrap items-start gap-3 py-2">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex items-center gap-2"><Mark state={one.is_set ? "done" : "pending"} /><code className="font-mono text-sm">{one.name}</code><span className="text-sm text-soft">{one.is_set ? "is set" : "is not set"}</span></p>
        <p className="text-sm text-soft">{one.turns_on}</p>
        <p role="status" className={told ? `text-sm ${told.ok ? "text-good" : "text-bad"}` : "sr-only"}>{told?.sentence}</p>
      </div>
      <Button small disabled={isBusy || !one.is_set} onClick={() => void test()}>{isBusy ? "Testing…" : "Test"}</Button>
    </li>
  );
}
