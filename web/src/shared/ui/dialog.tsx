// The browser's own modal dialog: it keeps the focus, closes with Escape and needs no style tags.

import { X } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { IconButton } from "./button";

const SIZES = { small: "w-[min(36rem,calc(100vw-2rem))]", medium: "w-[min(60rem,calc(100vw-2rem))]", large: "w-[min(86rem,calc(100vw-2rem))]" } as const;

// What carries `data-first` gets the focus.
export function Dialog({ title, onClose, children, size = "medium" }: { title: string; onClose: () => void; children: ReactNode; size?: keyof typeof SIZES }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (!box.current?.open) box.current?.showModal();
    box.current?.querySelector<HTMLElement>("[data-first]")?.focus();
  }, []);
  return (
    <dialog ref={box} aria-label={title} onClose={onClose} onClick={(event) => { if (event.target === box.current) box.current?.close(); }}
      className={`${SIZES[size]} rounded-2xl border border-line bg-paper p-0 shadow-float`}>
      <div className="p-4">
        <div className="mb-3 flex items-start gap-2">
          <h2 className="min-w-0 flex-1 font-semibold wrap-anywhere">{title}</h2>
          <IconButton label="Close" onClick={() => box.current?.close()}><X size={16} /></IconButton>
        </div>
        {children}
      </div>
    </dialog>
  );
}
