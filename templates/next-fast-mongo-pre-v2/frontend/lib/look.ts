/** What a look says beside its styles. */
export interface Look {
  menu: "side" | "top";
  /** In which theme a page opens for somebody who has chosen none. */
  appearance: "auto" | "dark" | "light";
  /** Shown before the name instead of its first letter. */
  logo: string;
}

export const look: Look = { menu: "side", appearance: "auto", logo: "" };
