import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { Controller, useForm } from "react-hook-form";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ApiError } from "@/lib/api/http";
import { type Entry, inSentence, type Resource, type Values } from "@/lib/resource";
import { FieldInput } from "./field-input";
import { useFormFiles } from "./files";
import { type FormValues, formSchema, initialValues, toBody } from "./form-values";
import { ReferencesInput } from "./references-input";

interface RecordFormProps {
  resource: Resource;
  record?: Entry;
  /** Values that the place of the form decides, such as the parent; they have no input. */
  fixed?: Values;
  /** Values that a new record begins with. */
  initial?: Values;
  onClose: () => void;
}

/** Creates a record, or changes `record`, in a dialog. */
export function RecordForm({ resource, record, fixed = {}, initial = {}, onClose }: RecordFormProps) {
  const formId = useId();
  const client = useQueryClient();
  const fields = resource.fields.filter((field) => !field.computed && !(field.name in fixed));
  const form = useForm<FormValues>({
    defaultValues: initialValues(fields, record, initial),
    resolver: zodResolver(formSchema(fields)),
  });
  const files = useFormFiles(resource);
  const save = useMutation({
    mutationFn: async (values: FormValues) => {
      const body = { ...toBody(fields, values), ...fixed };
      const saved = await (record ? resource.api.update(record.id, body) : resource.api.create(body));
      await files.send(saved.id).catch((error: unknown) => {
        toast.error(`The file was not stored: ${error instanceof Error ? error.message : "please try again."}`);
      });
    },
    onSuccess: async () => {
      toast.success(record ? "Changes saved" : `${resource.label} added`);
      onClose();
      await client.invalidateQueries();
    },
    onError: (error) => {
      const known = error instanceof ApiError ? error.errors.filter((one) => fields.some((field) => field.name === one.field)) : [];
      for (const one of known) form.setError(one.field, { message: one.message });
      if (known.length === 0) form.setError("root", { message: error.message });
    },
  });
  const { errors } = form.formState;
  const noun = inSentence(resource.label);
  return (
    <Dialog title={record ? `Edit ${noun}` : `New ${noun}`} onClose={onClose}>
      <form noValidate onSubmit={form.handleSubmit((values) => save.mutate(values))} className="grid gap-4">
        {fields.map((field) =>
          field.type === "references" ? (
            <Controller
              key={field.name}
              control={form.control}
              name={field.name}
              render={({ field: { value, onChange } }) => (
                <ReferencesInput
                  field={field}
                  value={Array.isArray(value) ? value : []}
                  titles={record?.titles ?? {}}
                  error={errors[field.name]?.message}
                  onChange={onChange}
                />
              )}
            />
          ) : (
            <FieldInput
              key={field.name}
              id={`${formId}-${field.name}`}
              field={field}
              error={errors[field.name]?.message}
              current={typeof record?.[field.name] === "string" ? String(record[field.name]) : undefined}
              currentTitle={record?.titles[field.name]}
              control={form.register(field.name)}
            />
          ),
        )}
        {files.inputs}
        {errors.root && (
          <p role="alert" className="rounded-lg bg-danger/10 px-3 py-2 text-sm text-danger">
            {errors.root.message}
          </p>
        )}
        <div className="mt-1 flex justify-end gap-2">
          <Button type="button" variant="outline" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={save.isPending}>
            {save.isPending ? "Saving…" : record ? "Save changes" : `Add ${noun}`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
