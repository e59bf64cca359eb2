import Link from "next/link";
import { LoanList } from "@/components/loan-list";
import { read } from "@/lib/read";
import type { Loan, Page } from "@/lib/types";

const PER_PAGE = 50;

export default async function LoansPage({ searchParams }: { searchParams: Promise<{ tab?: string; from?: string }> }) {
  const { tab = "open", from = "0" } = await searchParams;
  const isReturned = tab === "returned";
  const offset = Math.max(0, Number.parseInt(from, 10) || 0);
  const { data, problem } = await read<Page<Loan>>(`/loans?isReturned=${isReturned}&offset=${offset}&limit=${PER_PAGE}`);
  return (
    <>
      <h1>My loans</h1>
      <nav className="tabs" aria-label="Which loans">
        <Link href="/loans" aria-current={isReturned ? undefined : "page"}>
          Open
        </Link>
        <Link href="/loans?tab=returned" aria-current={isReturned ? "page" : undefined}>
          Returned
        </Link>
      </nav>
      {problem && <p role="alert">{problem}</p>}
      {data && <LoanList loans={data.items} />}
      {data && offset + PER_PAGE < data.total && <Link href={`/loans?tab=${tab}&from=${offset + PER_PAGE}`}>More</Link>}
    </>
  );
}
