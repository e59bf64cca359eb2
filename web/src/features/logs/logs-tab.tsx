import { Empty } from "../../shared/ui/empty";

export default function LogsTab() {
  return <Empty title="What your app says">Here you will read what the server and the pages write, and type commands.</Empty>;
}
