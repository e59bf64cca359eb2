import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { SlotFiles } from "@/components/files/slot-files";
import { useMay } from "@/components/frame";
import { Input } from "@/components/ui/input";
import { ACCEPTED, files, type Slot, SLOTS, tooLarge } from "@/lib/files";
import type { Entry, Resource } from "@/lib/resource";

/** Pictures and documents of records, where the other record components show them. */

/** On the page of a record. */
export function RecordFiles({ resource, record }: { resource: Resource; record: Entry }) {
  const slots = SLOTS[resource.slug] ?? [];
  const mayChange = useMay()(resource, "change", record);
  const list = useQuery({
    queryKey: [resource.slug, "files", record.id],
    queryFn: ({ signal }) => files.list(resource, record.id, signal),
    enabled: slots.length > 0,
  });
  return slots.map((slot) => (
    <SlotFiles
      key={slot.name}
      resource={resource}
      record={record}
      slot={slot}
      mayChange={mayChange}
      error={list.error?.message}
      items={(list.data ?? []).filter((file) => file.slot === slot.name)}
    />
  ));
}

interface FormFiles {
  inputs: ReactNode;
  /** Sends what was chosen, once the record is stored. */
  send: (id: string) => Promise<void>;
}

/** In the form of a record. */
export function useFormFiles(resource: Resource): FormFiles {
  const [chosen, setChosen] = useState<{ [slot: string]: File[] }>({});
  const slots = SLOTS[resource.slug] ?? [];
  const inputs = slots.map((slot) => (
    <FileField key={slot.name} slot={slot} onChange={(list) => setChosen((before) => ({ ...before, [slot.name]: list }))} />
  ));
  const send = async (id: string) => {
    for (const slot of slots) {
      for (const file of chosen[slot.name] ?? []) await files.add(resource, id, slot.name, file);
    }
  };
  return { inputs, send };
}

function FileField({ slot, onChange }: { slot: Slot; onChange: (files: File[]) => void }) {
  const id = useId();
  const [complaint, setComplaint] = useState("");
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {slot.label}
      </label>
      <Input
        id={id}
        type="file"
        accept={ACCEPTED[slot.kind]}
        multiple={slot.many}
        className="h-auto py-2"
        aria-invalid={complaint ? true : undefined}
        aria-describedby={complaint ? `${id}-message` : undefined}
        onChange={(event) => {
          const list = [...(event.target.files ?? [])];
          const told = tooLarge(list);
          setComplaint(told);
          onChange(told ? [] : list);
        }}
      />
      {complaint && (
        <p id={`${id}-message`} role="alert" className="text-sm text-danger">
          {complaint}
        </p>
      )}
    </div>
  );
}

const NO_PICTURES: { [id: string]: string } = {};

/** The address of a small picture for each record that has one. */
export function usePictures(resource: Resource, items: Entry[]): { [id: string]: string } {
  const ids = items.map((record) => record.id);
  const found = useQuery({
    queryKey: [resource.slug, "pictures", ids],
    queryFn: ({ signal }) => files.pictures(resource, ids, signal),
    enabled: ids.length > 0 && (SLOTS[resource.slug] ?? []).some((slot) => slot.kind === "picture"),
  });
  return found.data ?? NO_PICTURES;
}

/** Pages beside the list. */
export function moreViews(resource: Resource): { href: string; label: string }[] {
  const hasPictures = (SLOTS[resource.slug] ?? []).some((slot) => slot.kind === "picture");
  return hasPictures ? [{ href: `/gallery/${resource.slug}`, label: "Gallery" }] : [];
}
