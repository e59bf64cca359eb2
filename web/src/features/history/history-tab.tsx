import { Empty } from "../../shared/ui/empty";

export default function HistoryTab() {
  return <Empty title="Versions">Each message that changed something leaves a version. Here you will look at them and go back.</Empty>;
}
