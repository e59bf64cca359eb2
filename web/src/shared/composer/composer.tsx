// The box for a message: text, attachments, how it is meant; Stop while work is under way.

import { ArrowUp, FileText, Paperclip, Square, X } from "lucide-react";
import { useEffect, useRef, useState, type ClipboardEvent, type DragEvent, type KeyboardEvent } from "react";
import type { Sending } from "../run/project-store";
import { Button, IconButton } from "../ui/button";
import { withFiles, type Picked } from "./attachments";
import { ModePicker } from "./mode-picker";
import { ModelPicker } from "./model-picker";
import { useChatOptions, useModels } from "./options";

// What was typed and attached and not yet sent, kept while the box is out of sight.
export type Unsent = { text: string; picked: Picked[] };

type Props = {
  unsent?: Unsent;
  label: string;
  placeholder: string;
  rows?: number;
  draft?: string;
  offered?: File | null;
  onTaken?: () => void;
  usualModel?: string | null;
  isBusy?: boolean;
  isStopping?: boolean;
  onSend: (what: Sending) => Promise<boolean>;
  onStop?: () => void;
  onDraft?: (text: string) => void;
  onModel?: (name: string) => void;
};

export function Composer({ label, placeholder, rows = 1, draft = "", unsent, offered = null, onTaken, usualModel = null, isBusy = false, isStopping = false, onSend, onStop, onDraft, onModel }: Props) {
  const [text, setText] = useState(draft || (unsent?.text ?? ""));
  const [picked, setPicked] = useState<Picked[]>(unsent?.picked ?? []);
  const [problem, setProblem] = useState("");
  const [isOver, setOver] = useState(false);
  const [mode, setMode] = useState("build");
  const [isSending, setSending] = useState(false);
  const [model, setModel] = useState("");
  const { modes } = useChatOptions();
  const { models, default: platformModel } = useModels();
  const box = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const stopButton = useRef<HTMLButtonElement>(null);

  useEffect(() => { if (unsent) Object.assign(unsent, { text, picked }); }, [unsent, text, picked]);
  useEffect(() => {
    if (!draft) return;
    setText(draft);
    box.current?.focus();
  }, [draft]);

  const write = (value: string) => {
    setText(value);
    onDraft?.(value);
  };
  const add = async (chosen: File[]) => {
    if (!chosen.length) return;
    const added = await withFiles(picked, chosen);
    setPicked(added.picked);
    setProblem(added.problem);
  };
  useEffect(() => {
    if (!offered) return;
    onTaken?.();
    void add([offered]);
    box.current?.focus();
    // Once for each file that is offered.
  }, [offered]);
  const send = async (onBusy: "queue" | "steer" = "queue") => {
    const message = text.trim();
    if (!message || isSending) return;
    setSending(true);
    const attachments = picked.map(({ name, data }) => ({ name, data }));
    const isSent = await onSend({ message, attachments, onBusy, mode: modes.length && mode !== "build" ? mode : undefined, model: model || undefined });
    setSending(false);
    if (!isSent) return;
    write("");
    setPicked([]);
    setProblem("");
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key === "Escape" && isBusy && !text) stopButton.current?.focus();
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };
  const pasted = (event: ClipboardEvent) => {
    const chosen = [...event.clipboardData.files];
    if (!chosen.length) return;
    event.preventDefault();
    void add(chosen);
  };
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void add([...event.dataTransfer.files]);
  };

  return (
    <form onSubmit={(event) => { event.preventDefault(); void send(); }} onDrop={dropped}
      onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)}
      className={`@container rounded-2xl border bg-paper transition-shadow focus-within:border-accent ${isOver ? "border-accent shadow-float" : "border-line"}`}>
      {picked.length ? <Files picked={picked} remove={(index) => setPicked(picked.filter((_, at) => at !== index))} /> : null}
      <textarea ref={box} data-composer aria-label={label} placeholder={isOver ? "Drop it here" : placeholder} value={text} rows={rows} maxLength={100_000}
        onChange={(event) => write(event.target.value)} onKeyDown={pressed} onPaste={pasted}
        className="field-sizing-content max-h-60 min-h-11 w-full resize-none bg-transparent px-4 pt-3 pb-1 outline-none" />
      {problem ? <p role="alert" className="px-4 text-sm text-bad">{problem}</p> : null}
      <div className="flex flex-wrap items-center gap-1 p-2">
        <input ref={files} type="file" multiple hidden aria-label="Attach files" accept="image/png,image/jpeg,image/gif,image/webp,text/*,.md,.csv,.json"
          onChange={(event) => { void add([...(event.target.files ?? [])]); event.target.value = ""; }} />
        <IconButton label="Attach pictures or text files" onClick={() => files.current?.click()}><Paperclip size={16} /></IconButton>
        {modes.length > 1 ? <ModePicker modes={modes} mode={mode} onChange={setMode} /> : null}
        {models.length ? <ModelPicker offers={models} chosen={model} usual={usualModel || platformModel} onChoose={(name) => { setModel(name); onModel?.(name); }} /> : null}
        <span className="ml-auto flex items-center gap-1">
          {isBusy && text.trim() ? <Button small onClick={() => void send("steer")} title="The builder reads it before its next step">Tell it now</Button> : null}
          {isBusy && !text.trim() ? (
            <Button ref={stopButton} small look="danger" disabled={isStopping} onClick={onStop}><Square size={12} fill="currentColor" aria-hidden />{isStopping ? "Stopping…" : "Stop"}</Button>
          ) : (
            <Button type="submit" small look="primary" disabled={!text.trim() || isSending} title={isBusy ? "It waits until the present work has ended" : "Enter"}>
              {isBusy ? "After this" : "Send"}<ArrowUp size={14} aria-hidden />
            </Button>
          )}
        </span>
      </div>
    </form>
  );
}

function Files({ picked, remove }: { picked: Picked[]; remove: (index: number) => void }) {
  return (
    <ul aria-label="Attachments" className="flex flex-wrap gap-2 px-3 pt-3">
      {picked.map((file, index) => (
        <li key={`${file.name}-${index}`} className="flex max-w-full items-center gap-2 rounded-lg border border-line bg-sunk py-1 pr-1 pl-2 text-sm">
          {file.isPicture
            ? <img src={`data:image/*;base64,${file.data}`} alt="" className="size-6 rounded object-cover" />
            : <FileText size={16} aria-hidden className="text-soft" />}
          <span className="truncate">{file.name}</span>
          <button type="button" aria-label={`Remove ${file.name}`} onClick={() => remove(index)} className="grid size-6 place-items-center rounded hover:bg-hover"><X size={14} aria-hidden /></button>
        </li>
      ))}
    </ul>
  );
}
