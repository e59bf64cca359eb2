import { Empty } from "../../shared/ui/empty";

export default function CodeTab() {
  return <Empty title="The files of your app">Here you will read and change every file, with the same care that the builder takes.</Empty>;
}
