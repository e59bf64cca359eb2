import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useId } from "react";
import { useForm } from "react-hook-form";
import { FieldInput } from "@/components/records/field-input";
import { type FormValues, formSchema, initialValues, toBody } from "@/components/records/form-values";
import { Button } from "@/components/ui/button";
import { ApiError } from "@/lib/api/http";
import { type PublicForm as Form, sendForm } from "@/lib/public";
import type { Resource } from "@/lib/resource";

/** Sends a record without showing any. */
export function PublicForm({ form: told, resource }: { form: Form; resource: Resource }) {
  const formId = useId();
  const fields = resource.fields.filter((field) => !field.computed && field.type !== "reference" && field.type !== "references");
  const form = useForm<FormValues>({ defaultValues: initialValues(fields), resolver: zodResolver(formSchema(fields)) });
  const send = useMutation({
    mutationFn: (values: FormValues) => sendForm(told.slug, toBody(fields, values)),
    onError: (error) => {
      const known = error instanceof ApiError ? error.errors.filter((one) => fields.some((field) => field.name === one.field)) : [];
      for (const one of known) form.setError(one.field, { message: one.message });
      if (known.length === 0) form.setError("root", { message: error.message });
    },
  });
  const { errors } = form.formState;
  const again = () => {
    form.reset();
    send.reset();
  };
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">{told.title}</h1>
      {send.isSuccess ? (
        <div role="status" className="mt-6 grid justify-items-start gap-4">
          <p>{told.thanks}</p>
          <Button type="button" variant="outline" onClick={again}>
            Send another
          </Button>
        </div>
      ) : (
        <form noValidate onSubmit={form.handleSubmit((values) => send.mutate(values))} className="mt-6 grid gap-4">
          {told.text && <p className="text-muted-foreground">{told.text}</p>}
          {fields.map((field) => (
            <FieldInput key={field.name} id={`${formId}-${field.name}`} field={field} error={errors[field.name]?.message} control={form.register(field.name)} />
          ))}
          {errors.root && (
            <p role="alert" className="rounded-lg bg-danger/10 px-3 py-2 text-sm text-danger">
              {errors.root.message}
            </p>
          )}
          <div>
            <Button type="submit" disabled={send.isPending}>
              {send.isPending ? "Sending…" : "Send"}
            </Button>
          </div>
        </form>
      )}
    </>
  );
}
