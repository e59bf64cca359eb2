import type { ReactNode } from "react";
import type { Entry, Resource } from "@/lib/resource";

/** Pictures and documents of records: nothing here, until the kit `files` replaces this file. */

/** On the page of a record. */
export function RecordFiles(_props: { resource: Resource; record: Entry }) {
  return null;
}

interface FormFiles {
  inputs: ReactNode;
  /** Sends what was chosen, once the record is stored. */
  send: (id: string) => Promise<void>;
}

const NONE: FormFiles = { inputs: null, send: () => Promise.resolve() };

/** In the form of a record. */
export function useFormFiles(_resource: Resource): FormFiles {
  return NONE;
}

const NO_PICTURES: { [id: string]: string } = {};

/** The address of a small picture for each record that has one. */
export function usePictures(_resource: Resource, _items: Entry[]): { [id: string]: string } {
  return NO_PICTURES;
}

/** Pages beside the list. */
export function moreViews(_resource: Resource): { href: string; label: string }[] {
  return [];
}
