import { useEffect, useState } from "react";

/** `value` once it has not changed for a moment; for searches while somebody types. */
export function useDelayed(value: string, delayMs = 250): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delayMs);
    return () => clearTimeout(timer);
  }, [value, delayMs]);
  return settled;
}
