import type { ReactNode } from "react";

// What a view says when it has nothing to show: what will be here, and how to get it.
export function Empty({ icon, title, children, action }: { icon?: ReactNode; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="grid h-full place-items-center p-6">
      <div className="max-w-sm text-center">
        {icon ? <div className="mx-auto mb-3 grid size-11 place-items-center rounded-full bg-sunk text-soft" aria-hidden>{icon}</div> : null}
        <h2 className="text-lg font-semibold">{title}</h2>
        {children ? <div className="mt-1 text-soft">{children}</div> : null}
        {action ? <div className="mt-4 flex justify-center gap-2">{action}</div> : null}
      </div>
    </div>
  );
}

export function Loading({ what }: { what: string }) {
  return (
    <div role="status" className="grid h-full place-items-center p-6 text-soft">
      <span className="breathe">{what}…</span>
    </div>
  );
}

export function Trouble({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div role="alert" className="flex flex-wrap items-center gap-3 rounded-lg bg-bad-tint px-3 py-2 text-sm text-bad wrap-anywhere">
      <span className="min-w-0 flex-1">{children}</span>
      {action}
    </div>
  );
}
