// The names of secrets and settings that the app reads from its environment; values are never asked for here.

import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { hashOf } from "../../shared/files/paths";
import { readFile, useFiles } from "../../shared/files/files-api";
import { namesIn } from "../../shared/files/environment";
import { projectKey } from "../../shared/run/queries";

export function EnvironmentNames({ id }: { id: string }) {
  const { data: files } = useFiles(id);
  const examples = (files?.files ?? []).map((file) => file.path).filter((path) => /(^|\/)\.env\.example$/.test(path)).slice(0, 5);
  const { data: names } = useQuery({
    queryKey: [...projectKey(id, "environment"), examples.join()],
    enabled: examples.length > 0,
    queryFn: async () => Promise.all(examples.map(async (path) => ({ path, names: namesIn((await readFile(id, path)).text ?? "") }))),
  });
  const told = (names ?? []).flatMap(({ path, names: found }) => found.map((name) => ({ path, name })));
  return (
    <div className="space-y-2">
      <p className="text-soft">Keys and passwords do not belong into files or messages. Their names stand in <code className="font-mono text-sm">.env.example</code>; the values are set where your app is run.</p>
      {told.length ? (
        <ul className="flex flex-wrap gap-1.5">{told.map(({ path, name }) => <li key={`${path} ${name}`} title={path} className="rounded-md bg-sunk px-2 py-0.5 font-mono text-sm wrap-anywhere">{name}</li>)}</ul>
      ) : <p className="text-sm text-soft">Your app names none.</p>}
      {examples[0] ? <Link href={`/projects/${encodeURIComponent(id)}/code${hashOf(examples[0])}`} className="text-sm text-accent underline underline-offset-3">Open {examples[0]}</Link> : null}
    </div>
  );
}
