import { Empty } from "../../shared/ui/empty";

export default function SettingsTab() {
  return <Empty title="Settings">Here you will find the name, the budget and the costs of this project.</Empty>;
}
