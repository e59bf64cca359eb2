// Which model builds: what the platform offers, and a sentence for what cannot be chosen.

import * as Menu from "@radix-ui/react-dropdown-menu";
import { Check, ChevronDown } from "lucide-react";
import type { Schemas } from "../api/client";

type Offer = Schemas["ModelOut"];

type Props = { offers: readonly Offer[]; chosen: string; usual: string; onChoose: (name: string) => void; label?: string };

// `usual` is taken when nobody chooses; it is told as such.
export function ModelPicker({ offers, chosen, usual, onChoose, label = "Model" }: Props) {
  const current = offers.find((offer) => offer.name === (chosen || usual));
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger aria-label={`${label}: ${current?.title ?? (chosen || usual)}`} title="What builds your app"
        className="flex h-7 max-w-max min-w-0 flex-[1_1_4.5rem] max-sm:flex-initial items-center gap-1 rounded-lg px-2 text-sm text-soft hover:bg-hover hover:text-ink data-[state=open]:bg-hover">
        <span className="min-w-0 truncate">{current?.title ?? (chosen || usual)}</span><ChevronDown size={13} aria-hidden className="shrink-0" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content align="start" sideOffset={4} collisionPadding={8} className="z-20 w-[min(20rem,calc(100vw-2rem))] rounded-xl border border-line bg-paper p-1 text-sm shadow-float">
          <Menu.RadioGroup value={chosen || usual} onValueChange={(name) => onChoose(name === usual ? "" : name)}>
            {offers.map((offer) => (
              <Menu.RadioItem key={offer.name} value={offer.name} disabled={!offer.is_usable}
                className="flex items-start gap-2 rounded-lg px-2 py-1.5 outline-none data-[disabled]:text-soft data-[highlighted]:bg-hover">
                <span className="mt-0.5 size-3.5 shrink-0"><Menu.ItemIndicator><Check size={14} aria-hidden className="text-accent" /></Menu.ItemIndicator></span>
                <span className="min-w-0 flex-1">
                  <span className="block wrap-anywhere">{offer.title}</span>
                  {hintOf(offer, usual) ? <span className="block text-xs text-soft">{hintOf(offer, usual)}</span> : null}
                </span>
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}

export function hintOf(offer: Offer, usual: string): string {
  if (!offer.is_usable) return offer.missing.charAt(0).toUpperCase() + offer.missing.slice(1);
  const free = offer.name === "offline" ? "Free, without internet; for apps that keep records." : "";
  return [offer.name === usual ? "Used unless you choose." : "", free].filter(Boolean).join(" ");
}
