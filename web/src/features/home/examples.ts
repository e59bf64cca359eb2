// Sentences that show the range of what can be built. Each is one that can be sent as it stands.

export const EXAMPLES = [
  { name: "Library", text: "A library with books, authors and loans with due dates" },
  { name: "Bookings", text: "Bookings for three meeting rooms that may not overlap, with a calendar" },
  { name: "Shop with login", text: "A small shop with products and orders, where customers sign in and staff see all orders" },
  { name: "Tasks on a board", text: "Tasks with priorities low, medium and high on a board that can be dragged" },
  { name: "Invoices", text: "Invoices for clients with line items and a total, and a chart of income by month" },
  { name: "Survey", text: "A survey with questions and answers that anybody may fill in, and results for me" },
] as const;

const SMALL = new Set(["a", "an", "the", "with", "and", "for", "of", "to", "app", "create", "build", "make", "me", "my", "small", "that"]);

// A readable beginning for the address of a new project.
export function slugOf(sentence: string): string {
  const words = sentence.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.filter((word) => !SMALL.has(word)).slice(0, 3).join("-").slice(0, 40) || "app";
}
