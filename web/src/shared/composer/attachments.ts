// Files on their way into a message: read, bounded and named before anything is sent.

import type { NewAttachment } from "../run/project-store";

const MOST = 5;
const MAX_TOTAL = 10_000_000;
const MAX_TEXT = 100_000;
const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

export type Picked = NewAttachment & { size: number; isPicture: boolean };

// The files added to what is there, or a sentence on why not.
export async function withFiles(known: Picked[], files: File[]): Promise<{ picked: Picked[]; problem: string }> {
  const refused = (problem: string) => ({ picked: known, problem });
  if (known.length + files.length > MOST) return refused(`A message may have ${MOST} attachments.`);
  const total = [...known, ...files].reduce((sum, file) => sum + file.size, 0);
  if (total > MAX_TOTAL) return refused("Attachments may have 10 MB together.");
  for (const file of files) {
    if (!PICTURES.has(file.type) && file.size > MAX_TEXT) return refused(`“${file.name}” is too long: text files may have 100 kB.`);
    if (file.type.startsWith("image/") && !PICTURES.has(file.type)) return refused(`“${file.name}” must be PNG, JPEG, GIF or WebP.`);
  }
  return { picked: [...known, ...(await Promise.all(files.map(read)))], problem: "" };
}

async function read(file: File): Promise<Picked> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error("The file cannot be read."));
    reader.readAsDataURL(file);
  });
  return { name: file.name.slice(0, 120) || "pasted", data: url.slice(url.indexOf(",") + 1), size: file.size, isPicture: PICTURES.has(file.type) };
}
