export const TAB_NAMES = [
  { name: "preview", title: "Preview" }, { name: "wishes", title: "Wishes" }, { name: "code", title: "Code" }, { name: "changes", title: "Changes" },
  { name: "logs", title: "Logs" }, { name: "history", title: "History" }, { name: "settings", title: "Settings" },
] as const;
