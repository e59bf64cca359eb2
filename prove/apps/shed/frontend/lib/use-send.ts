"use client";

import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { toast } from "sonner";
import { sentence } from "@/lib/send";

/** One thing at a time: `run` tells whether it worked, shows `done` and reads the page again. */
export function useSend() {
  const router = useRouter();
  const isBusy = useRef(false);
  const [isSending, setSending] = useState(false);
  const [trouble, setTrouble] = useState("");

  async function run(act: () => Promise<unknown>, done: string): Promise<boolean> {
    if (isBusy.current) return false;
    isBusy.current = true;
    setSending(true);
    setTrouble("");
    try {
      await act();
      toast.success(done);
      router.refresh();
      return true;
    } catch (error) {
      setTrouble(sentence(error));
      return false;
    } finally {
      isBusy.current = false;
      setSending(false);
    }
  }

  return { run, isSending, trouble };
}
