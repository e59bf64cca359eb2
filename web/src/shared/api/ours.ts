// Pictures and recordings are loaded from the platform only, whatever an event says.
export const isOurs = (url: string | null | undefined): url is string => typeof url === "string" && /^\/api\/[\w.:@/%-]+$/.test(url) && !url.includes("..");
