import type { Ref } from "react";

// The app may run scripts, forms and dialogs; it may not steer this page.
const MAY = "allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-downloads";

export function AppFrame({ address, title, ref }: { address: string; title: string; ref?: Ref<HTMLIFrameElement> }) {
  return <iframe ref={ref} src={address} title={title} sandbox={MAY} className="size-full border-0 bg-[#fff]" />;
}
