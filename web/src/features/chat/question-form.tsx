import { useState, type FormEvent } from "react";
import type { FormField } from "../../shared/api/events";
import { useProject } from "../../shared/run/project-context";
import type { Question } from "../../shared/run/turn";
import { Button } from "../../shared/ui/button";
import { Markdown } from "../../shared/ui/markdown";

const ONE: FormField[] = [{ name: "answer", label: "Your answer", kind: "text", choices: [] }];

// What the builder asks, as a form. The answer goes to the work that waits for it.
export function QuestionForm({ runId, question }: { runId: string; question: Question }) {
  const store = useProject();
  const [isSending, setSending] = useState(false);
  const fields = question.fields.length ? question.fields : ONE;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const answers = Object.fromEntries(fields.map((field) => [
      field.name, field.kind === "multi_choice" ? given.getAll(field.name).map(String) : String(given.get(field.name) ?? ""),
    ]));
    setSending(true);
    await store.answer(runId, answers);
    setSending(false);
  };
  return (
    <form aria-label="Question" onSubmit={(event) => void submit(event)} className="space-y-3 rounded-xl border border-accent bg-paper p-4">
      <Markdown text={question.text} />
      {fields.map((field) => <Field key={field.name} field={field} />)}
      <Button type="submit" look="primary" disabled={isSending}>{isSending ? "Sending…" : "Answer"}</Button>
    </form>
  );
}

function Field({ field }: { field: FormField }) {
  const choices = field.choices ?? [];
  if (field.kind === "text" || !choices.length)
    return (
      <label className="block text-sm font-medium wrap-anywhere">{field.label}
        <input name={field.name} required maxLength={10_000} className="mt-1 h-9 w-full rounded-lg border border-strong bg-paper px-3 text-base font-normal" />
      </label>
    );
  const isMany = field.kind === "multi_choice";
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium wrap-anywhere">{field.label}</legend>
      <div className="space-y-1">
        {choices.map((choice) => (
          <label key={choice} className="flex items-start gap-2 rounded-lg border border-line px-3 py-1.5 has-checked:border-accent has-checked:bg-tint">
            <input type={isMany ? "checkbox" : "radio"} name={field.name} value={choice} required={!isMany} className="mt-1 accent-accent" />
            <span className="min-w-0 wrap-anywhere">{choice}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
