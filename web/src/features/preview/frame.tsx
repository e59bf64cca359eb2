export const SIZES = { full: null, tablet: [768, 1024], phone: [390, 844] } as const;
export type Size = keyof typeof SIZES;

// The app may run scripts, forms and dialogs; it may not steer this page.
const MAY = "allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-downloads";

export function Frame({ address, size, isTurned }: { address: string; size: Size; isTurned: boolean }) {
  const chosen = SIZES[size];
  const frame = <iframe src={address} title="Your app" sandbox={MAY} className="size-full border-0 bg-[#fff]" />;
  if (!chosen) return <div className="min-h-0">{frame}</div>;
  const [width, height] = isTurned ? [chosen[1], chosen[0]] : chosen;
  return (
    <div className="overflow-auto p-4" tabIndex={0} role="region" aria-label="The app at another size">
      <div className="mx-auto overflow-hidden rounded-2xl border border-line shadow-float" style={{ width, height }}>{frame}</div>
    </div>
  );
}
