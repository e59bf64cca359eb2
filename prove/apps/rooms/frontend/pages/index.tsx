import { useData } from "@/lib/house";

interface Usage {
  room: string;
  hours: number;
}

export default function UsagePage() {
  const { data, problem } = useData<Usage[]>("/api/usage");
  const most = Math.max(1, ...(data ?? []).map((one) => one.hours));
  return (
    <>
      <h1>Usage of the rooms</h1>
      {problem && <p className="problem" role="alert">{problem}</p>}
      {data?.length === 0 && <p>There are no rooms yet.</p>}
      {data?.map((one, place) => (
        <div className="use" key={`${place}-${one.room}`}>
          <span>{one.room}</span>
          <span className="hours" style={{ width: `${20 + (80 * one.hours) / most}%` }}>{`${one.hours} h`}</span>
        </div>
      ))}
    </>
  );
}
