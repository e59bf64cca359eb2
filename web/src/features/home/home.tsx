// The first page: what do you want to build, and what was built before.

import { useState } from "react";
import { Link, useLocation } from "wouter";
import { randomId } from "../../shared/api/client";
import { Composer } from "../../shared/composer/composer";
import { useModels } from "../../shared/composer/options";
import { leavePending } from "../../shared/run/pending";
import { useEstimate } from "../../shared/run/queries";
import type { Sending } from "../../shared/run/project-store";
import { EXAMPLES, slugOf } from "./examples";
import { Projects } from "./projects";

export function Home() {
  const [, go] = useLocation();
  const [draft, setDraft] = useState("");
  const [model, setModel] = useState("");
  const estimate = useEstimate(undefined, model);
  const isOffline = useModels().default === "offline";
  const start = async (what: Sending) => {
    const id = `${slugOf(what.message)}-${randomId(6)}`;
    leavePending(id, what);
    go(`/projects/${id}`);
    return true;
  };
  return (
    <div className="mx-auto max-w-5xl px-5 pt-[clamp(2rem,9vh,6rem)] pb-16">
      <section className="mx-auto max-w-2xl">
        <h1 className="text-center text-2xl font-semibold tracking-tight text-balance max-sm:text-xl">What do you want to build?</h1>
        <p className="mx-auto mt-2 mb-6 max-w-xl text-center text-soft text-balance">
          Say it in your own words. You watch each wish come true, and see for yourself what works and what does not yet.
        </p>
        <Composer label="What do you want to build?" placeholder={`${EXAMPLES[0].text}…`} rows={3} draft={draft} onDraft={(text) => { if (text !== draft) setDraft(""); }} onModel={setModel} onSend={start} />
        <p className="mt-2 min-h-5 text-center text-sm text-soft">{estimate.data?.sentence ?? ""}</p>
        {isOffline ? (
          <p className="mx-auto mt-1 max-w-xl text-center text-sm text-soft text-balance">
            No model has a key yet, so apps are built without one: that works for apps that keep records. <Link href="/platform" className="text-accent underline underline-offset-2">See which key turns on what</Link>
          </p>
        ) : null}
        <div role="group" aria-label="Examples" className="mt-3 flex flex-wrap justify-center gap-2">
          {EXAMPLES.map(({ name, text }) => (
            <button key={name} type="button" title={text} onClick={() => setDraft(text)}
              className="rounded-full border border-line bg-paper px-3 py-1 text-sm text-soft transition-colors hover:border-accent hover:text-ink">{name}</button>
          ))}
        </div>
      </section>
      <Projects />
    </div>
  );
}
