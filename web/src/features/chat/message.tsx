import { FileText } from "lucide-react";
import type { Attachment } from "../../shared/api/events";
import { isOurs } from "../../shared/api/ours";

// What a person said, with what came with it.
export function Message({ text, attachments }: { text: string; attachments: readonly Attachment[] }) {
  return (
    <div className="flex flex-col items-end gap-2">
      {text ? <p className="max-w-[92%] rounded-2xl rounded-br-md bg-tint px-4 py-2.5 whitespace-pre-wrap wrap-anywhere">{text}</p> : null}
      {attachments.length ? (
        <ul aria-label="Attachments" className="flex flex-wrap justify-end gap-2">
          {attachments.map((one) => (
            <li key={one.sha256} className="flex max-w-full items-center gap-2 rounded-lg border border-line bg-paper px-2 py-1 text-sm">
              {one.kind === "picture" && isOurs(one.url)
                ? <img src={one.url} alt="" className="h-12 max-w-32 rounded object-contain" /> : <FileText size={14} aria-hidden />}
              <span className="truncate">{one.name}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
