import { Empty } from "../../shared/ui/empty";

export default function ChangesTab() {
  return <Empty title="What changed">Here you will see, file by file, what each message changed.</Empty>;
}
