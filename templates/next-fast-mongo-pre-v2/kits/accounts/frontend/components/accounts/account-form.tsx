import { useMutation } from "@tanstack/react-query";
import { type ReactNode, type SyntheticEvent, useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input, Select } from "@/components/ui/input";
import { ApiError } from "@/lib/api/http";

export interface AccountField {
  name: string;
  label: string;
  type?: "text" | "email" | "password" | "select";
  choices?: string[];
  initial?: string;
  hint?: string;
  autoComplete?: string;
  minLength?: number;
}

interface AccountFormProps<Answer> {
  fields: AccountField[];
  action: string;
  /** Shown after it was sent; without it the page goes on by itself. */
  done?: (answer: Answer) => ReactNode;
  onSend: (values: { [name: string]: string }) => Promise<Answer>;
  children?: ReactNode;
}

/** A short form that says at each field what is wrong with it. */
export function AccountForm<Answer>({ fields, action, done, onSend, children }: AccountFormProps<Answer>) {
  const formId = useId();
  const [values, setValues] = useState<{ [name: string]: string }>(() =>
    Object.fromEntries(fields.map((field) => [field.name, field.initial ?? field.choices?.[0] ?? ""])),
  );
  const [missing, setMissing] = useState<{ [name: string]: string }>({});
  const send = useMutation({
    mutationFn: () => onSend(values),
    onSuccess: () => {
      if (done) setValues((before) => ({ ...before, ...Object.fromEntries(fields.filter((one) => !one.initial && !one.choices).map((one) => [one.name, ""])) }));
    },
  });
  const refused = send.error instanceof ApiError ? send.error.errors : [];
  const problemOf = (name: string) => missing[name] ?? refused.find((one) => one.field === name)?.message;
  const isElsewhere = send.error && !refused.some((one) => fields.some((field) => field.name === one.field));

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const found = Object.fromEntries(fields.flatMap((field) => (problemWith(field, values[field.name]) ? [[field.name, problemWith(field, values[field.name])]] : [])));
    setMissing(found as { [name: string]: string });
    send.reset();
    if (Object.keys(found).length === 0) send.mutate();
  };

  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      {fields.map((field) => {
        const id = `${formId}-${field.name}`;
        const problem = problemOf(field.name);
        const shared = {
          id,
          value: values[field.name],
          "aria-invalid": problem ? true : undefined,
          "aria-describedby": problem || field.hint ? `${id}-text` : undefined,
        };
        const change = (value: string) => setValues((before) => ({ ...before, [field.name]: value }));
        return (
          <div key={field.name} className="grid gap-1.5">
            <label htmlFor={id} className="text-sm font-medium">
              {field.label}
            </label>
            {field.choices ? (
              <Select {...shared} onChange={(event) => change(event.target.value)}>
                {field.choices.map((choice) => (
                  <option key={choice}>{choice}</option>
                ))}
              </Select>
            ) : (
              <Input {...shared} type={field.type ?? "text"} autoComplete={field.autoComplete} onChange={(event) => change(event.target.value)} />
            )}
            {(problem || field.hint) && (
              <p id={`${id}-text`} role={problem ? "alert" : undefined} className={problem ? "text-sm text-danger" : "text-xs text-muted-foreground"}>
                {problem ?? field.hint}
              </p>
            )}
          </div>
        );
      })}
      {isElsewhere && (
        <p role="alert" className="rounded-lg bg-danger/10 px-3 py-2 text-sm text-danger">
          {send.error?.message}
        </p>
      )}
      {done && send.isSuccess && (
        <p role="status" className="rounded-lg bg-success/10 px-3 py-2 text-sm [overflow-wrap:anywhere] text-success">
          {done(send.data)}
        </p>
      )}
      <Button type="submit" disabled={send.isPending}>
        {send.isPending ? "One moment…" : action}
      </Button>
      {children}
    </form>
  );
}

function problemWith(field: AccountField, value: string): string | undefined {
  if (value.trim() === "") return `${field.label} is required.`;
  if (field.type === "email" && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value.trim())) return `${field.label} must be an e-mail address.`;
  if (field.minLength && value.length < field.minLength) return `${field.label} must have at least ${field.minLength} characters.`;
  return undefined;
}
