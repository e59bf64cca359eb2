import { Ellipsis } from "lucide-react";
import * as DropdownMenu from "@radix-ui/react-dropdown-menu";
import { useRef, useState } from "react";
import { api, taken } from "../../shared/api/client";
import type { Wish, WishProof } from "../../shared/api/events";
import { useProjectView } from "../../shared/run/project-context";
import { useSuggest } from "../../shared/run/use-suggest";
import { Button } from "../../shared/ui/button";
import { Mark } from "../../shared/ui/mark";
import { WISH_TONES, WISH_WORDS } from "../../shared/ui/wish-words";
import { Evidence } from "./evidence";

type Props = { wish: Wish; proof: WishProof | null; isBusy: boolean; onChanged: () => void };
const ITEM = "cursor-pointer rounded-md px-2 py-1 text-sm outline-none data-[highlighted]:bg-hover data-[disabled]:opacity-50";

export function WishRow({ wish, proof, isBusy, onChanged }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  // The menu gives the focus back as it closes, unless a text is edited then.
  const isEditing = useRef(false);
  const edit = () => {
    isEditing.current = true;
    setDraft(wish.text);
  };
  const [problem, setProblem] = useState("");
  const id = useProjectView((view) => view.id);
  const suggest = useSuggest();
  const path = { project_id: id, wish_id: wish.id };
  const act = async (work: Promise<unknown>) => {
    try {
      await work;
      setProblem("");
      onChanged();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const save = () => {
    const text = draft?.trim();
    setDraft(null);
    isEditing.current = false;
    if (text && text !== wish.text) void act(taken(api.PATCH("/api/projects/{project_id}/wishes/{wish_id}", { params: { path }, body: { text } })));
  };
  const strike = () => act(taken(api.DELETE("/api/projects/{project_id}/wishes/{wish_id}", { params: { path } })));
  const agree = () => act(taken(api.POST("/api/projects/{project_id}/wishes/{wish_id}/agree", { params: { path } })));
  return (
    <li className="p-3">
      <div className="flex min-w-0 items-start gap-2.5">
        <span className="mt-1"><Mark state={wish.state} /></span>
        <div className="min-w-0 flex-1">
          {draft === null ? <p className="wrap-anywhere">{wish.text}</p> : (
            <input autoFocus aria-label="Word the wish anew" value={draft} maxLength={300} onChange={(event) => setDraft(event.target.value)} onBlur={save}
              onKeyDown={(event) => { if (event.key === "Enter") save(); if (event.key === "Escape") { isEditing.current = false; setDraft(null); } }} className="w-full rounded-md border border-strong bg-paper px-2" />
          )}
          <p className="text-sm"><span className={WISH_TONES[wish.state]}>{WISH_WORDS[wish.state]}</span>
            {wish.is_pinned && wish.state === "proven" ? <span className="text-soft"> · checked again with every change</span> : null}</p>
          {wish.reason && wish.state !== "proven" ? <p className="mt-1 text-sm text-soft wrap-anywhere">{wish.reason.slice(0, 1000)}</p> : null}
          {wish.broken_by ? <p className="mt-1 text-sm text-bad">It worked before. <a className="underline underline-offset-2" href={`#turn-${wish.broken_by}`}>This message broke it</a></p> : null}
          {wish.is_expectation_changed ? (
            <p className="mt-2 flex flex-wrap items-center gap-2 rounded-lg bg-fair-tint px-2.5 py-1.5 text-sm text-fair">
              <span className="min-w-0 flex-1">The builder changed what is expected here without being asked.</span>
              <Button small onClick={() => void agree()}>I agree</Button>
            </p>
          ) : null}
          {problem ? <p role="alert" className="mt-1 text-sm text-bad">{problem}</p> : null}
          {proof ? <Evidence proof={proof} /> : null}
        </div>
        <Button small look="quiet" className="max-sm:hidden" disabled={isBusy && wish.state === "open"} onClick={() => suggest(`“${wish.text}” is not what I meant: `)}>Not what I meant</Button>
        <DropdownMenu.Root modal={false}>
          <DropdownMenu.Trigger aria-label={`More about “${wish.text}”`} className="grid size-7 shrink-0 place-items-center rounded-lg text-soft hover:bg-hover hover:text-ink"><Ellipsis size={16} /></DropdownMenu.Trigger>
          <DropdownMenu.Portal>
            <DropdownMenu.Content align="end" sideOffset={4} className="z-10 rounded-lg border border-line bg-paper p-1 shadow-float" onCloseAutoFocus={(event) => { if (isEditing.current) event.preventDefault(); }}>
              <DropdownMenu.Item className={ITEM} onSelect={() => suggest(`“${wish.text}” is not what I meant: `)}>Not what I meant</DropdownMenu.Item>
              <DropdownMenu.Item className={ITEM} disabled={isBusy} onSelect={edit}>Word it anew</DropdownMenu.Item>
              <DropdownMenu.Item className={`${ITEM} text-bad`} disabled={isBusy} onSelect={() => void strike()}>Strike it</DropdownMenu.Item>
            </DropdownMenu.Content>
          </DropdownMenu.Portal>
        </DropdownMenu.Root>
      </div>
    </li>
  );
}
