"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { send, sentence } from "@/lib/send";

export function SignOut({ name }: { name: string }) {
  const router = useRouter();

  async function leave() {
    try {
      await send("DELETE", "/session");
      router.replace("/enter");
      router.refresh();
    } catch (error) {
      toast.error(sentence(error));
    }
  }

  return (
    <span className="person">
      {`Hello ${name} `}
      <button type="button" onClick={() => void leave()}>
        Sign out
      </button>
    </span>
  );
}
