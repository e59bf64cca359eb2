"use client";

import { useRouter } from "next/navigation";
import { type SyntheticEvent, useState } from "react";
import { send, sentence } from "@/lib/send";

const WAYS = {
  in: { tab: "I am a member", action: "Sign in", path: "/session", pinHelp: "current-password" },
  join: { tab: "I am new", action: "Join", path: "/members", pinHelp: "new-password" },
} as const;

export default function EntrancePage() {
  const router = useRouter();
  const [way, setWay] = useState<keyof typeof WAYS>("in");
  const [name, setName] = useState("");
  const [pin, setPin] = useState("");
  const [trouble, setTrouble] = useState("");
  const { action, path, pinHelp } = WAYS[way];

  async function enter(event: SyntheticEvent) {
    event.preventDefault();
    setTrouble("");
    try {
      await send("POST", path, { name, pin });
      router.replace("/");
      router.refresh();
    } catch (error) {
      setTrouble(sentence(error));
    }
  }

  return (
    <>
      <h1>Tool shed of our street</h1>
      <div className="tabs">
        {(["in", "join"] as const).map((one) => (
          <button key={one} type="button" aria-pressed={one === way} onClick={() => setWay(one)}>
            {WAYS[one].tab}
          </button>
        ))}
      </div>
      <form className="fields" onSubmit={(event) => void enter(event)}>
        <label>
          Your name
          <input required minLength={2} maxLength={40} autoComplete="username" value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <label>
          PIN
          <input required type="password" inputMode="numeric" pattern="[0-9]{4}" maxLength={4} title="Four digits" autoComplete={pinHelp} value={pin} onChange={(event) => setPin(event.target.value)} />
        </label>
        {trouble && <p role="alert">{trouble}</p>}
        <button type="submit" className="main">
          {action}
        </button>
      </form>
    </>
  );
}
