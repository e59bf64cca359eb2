import { Empty } from "../../shared/ui/empty";

export default function PlatformPage() {
  return <Empty title="The platform">Here you will see how this machine is doing, what it lacks, and what was spent.</Empty>;
}
