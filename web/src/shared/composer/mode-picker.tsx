import { Hammer, ListTree, MessageCircleQuestion } from "lucide-react";
import * as ToggleGroup from "@radix-ui/react-toggle-group";

const MODES: Record<string, { title: string; hint: string; Icon: typeof Hammer }> = {
  build: { title: "Build", hint: "Plan, write and check", Icon: Hammer },
  plan: { title: "Plan", hint: "Write a plan that you can change before anything is built", Icon: ListTree },
  ask: { title: "Ask", hint: "Answer a question; nothing is changed", Icon: MessageCircleQuestion },
};

export function ModePicker({ modes, mode, onChange }: { modes: string[]; mode: string; onChange: (mode: string) => void }) {
  return (
    <ToggleGroup.Root type="single" value={mode} onValueChange={(value) => { if (value) onChange(value); }} aria-label="What the message is for" className="flex rounded-lg bg-sunk p-0.5">
      {modes.map((name) => {
        const { title, hint, Icon } = MODES[name] ?? { title: name, hint: "", Icon: Hammer };
        return (
          <ToggleGroup.Item key={name} value={name} title={hint}
            className="flex h-6 items-center gap-1 rounded-md px-2 text-sm text-soft data-[state=on]:bg-paper data-[state=on]:text-ink data-[state=on]:shadow-sm">
            <Icon size={13} aria-hidden className="@max-md:hidden" />{title}
          </ToggleGroup.Item>
        );
      })}
    </ToggleGroup.Root>
  );
}
