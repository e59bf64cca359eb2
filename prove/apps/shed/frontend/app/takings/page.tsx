import { read } from "@/lib/read";
import type { Takings } from "@/lib/types";
import { euros, monthOf } from "@/lib/words";

export default async function TakingsPage() {
  const { data, problem } = await read<Takings>("/takings");
  const most = Math.max(1, ...(data?.months ?? []).map((month) => month.cents));
  return (
    <>
      <h1>Takings</h1>
      {problem && <p role="alert">{problem}</p>}
      {data?.months.length === 0 && <p>Nothing was borrowed yet.</p>}
      {data && data.months.length > 0 && (
        <figure aria-label="Deposits of each month">
          {data.months.map((month) => (
            <div className="month" key={month.month}>
              <span>{monthOf(month.month)}</span>
              <span className="track">
                <span className="bar" style={{ width: `${(100 * month.cents) / most}%` }} />
              </span>
              <span className="sum">{`${euros(month.cents)}, ${month.loans} ${month.loans === 1 ? "loan" : "loans"}`}</span>
            </div>
          ))}
          <figcaption>{`Total ${euros(data.totalCents)}`}</figcaption>
        </figure>
      )}
    </>
  );
}
