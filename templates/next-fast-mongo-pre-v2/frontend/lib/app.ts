// stackwright: placeholder, replaced when the application is generated
import type { NavigationEntry } from "./resource";

export const app = {
  title: "New application",
  description: "This application is being built.",
};

export const navigation: NavigationEntry[] = [];
