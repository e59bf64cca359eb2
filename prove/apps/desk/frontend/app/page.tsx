"use client";

import Link from "next/link";
import { type SyntheticEvent, useCallback, useEffect, useState } from "react";
import { ask, sentence, type Ticket } from "@/lib/ask";

const PER_PAGE = 10;
const EMPTY = { subject: "", details: "", urgency: "normal", hours: "0", dueOn: "" };

export default function TicketsPage() {
  const [found, setFound] = useState<{ results: Ticket[]; count: number } | null>(null);
  const [search, setSearch] = useState("");
  const [state, setState] = useState("");
  const [order, setOrder] = useState("newest");
  const [offset, setOffset] = useState(0);
  const [trouble, setTrouble] = useState("");

  const load = useCallback(async () => {
    const query = new URLSearchParams({ search, state, order, offset: String(offset), limit: String(PER_PAGE) });
    try {
      setFound(await ask("GET", `/api/tickets?${query}`));
      setTrouble("");
    } catch (error) {
      setTrouble(sentence(error));
    }
  }, [search, state, order, offset]);

  useEffect(() => {
    void load();
  }, [load]);

  return (
    <>
      <h1>Tickets</h1>
      <NewTicket onOpened={load} />
      <form role="search" onSubmit={(event) => event.preventDefault()}>
        <label>
          Search
          <input
            value={search}
            onChange={(event) => {
              setSearch(event.target.value);
              setOffset(0);
            }}
          />
        </label>
        <label>
          State
          <select
            value={state}
            onChange={(event) => {
              setState(event.target.value);
              setOffset(0);
            }}
          >
            <option value="">All</option>
            <option value="open">Open</option>
            <option value="closed">Closed</option>
          </select>
        </label>
        <label>
          Order
          <select value={order} onChange={(event) => setOrder(event.target.value)}>
            <option value="newest">Newest first</option>
            <option value="oldest">Oldest first</option>
            <option value="subject">By subject</option>
          </select>
        </label>
      </form>
      {trouble && <p role="alert">{trouble}</p>}
      {!found && !trouble && <p>Loading…</p>}
      {found && found.count === 0 && <p>No tickets here.</p>}
      {found && <TicketCards tickets={found.results} />}
      {found && found.count > PER_PAGE && (
        <nav aria-label="Pages">
          <button type="button" disabled={offset === 0} onClick={() => setOffset(offset - PER_PAGE)}>
            Back
          </button>{" "}
          {`${offset + 1} to ${Math.min(offset + PER_PAGE, found.count)} of ${found.count} `}
          <button type="button" disabled={offset + PER_PAGE >= found.count} onClick={() => setOffset(offset + PER_PAGE)}>
            More
          </button>
        </nav>
      )}
    </>
  );
}

function TicketCards({ tickets }: { tickets: Ticket[] }) {
  return (
    <ul className="cards">
      {tickets.map((ticket) => (
        <li key={ticket.id}>
          <Link href={`/tickets/${ticket.id}`}>{ticket.subject}</Link>
          <span>{ticket.urgency}</span>
          <span>{ticket.state}</span>
          <span>{`${ticket.hours} h`}</span>
          {ticket.dueOn && <span>{`due ${ticket.dueOn}`}</span>}
        </li>
      ))}
    </ul>
  );
}

function NewTicket({ onOpened }: { onOpened: () => Promise<void> }) {
  const [draft, setDraft] = useState(EMPTY);
  const [trouble, setTrouble] = useState("");

  async function send(event: SyntheticEvent) {
    event.preventDefault();
    try {
      await ask("POST", "/api/tickets", { ...draft, hours: Number(draft.hours), dueOn: draft.dueOn || null });
      setDraft(EMPTY);
      setTrouble("");
      await onOpened();
    } catch (error) {
      setTrouble(sentence(error));
    }
  }

  return (
    <form aria-label="New ticket" onSubmit={send}>
      <label>
        Subject
        <input required maxLength={120} value={draft.subject} onChange={(event) => setDraft({ ...draft, subject: event.target.value })} />
      </label>
      <label>
        Details
        <input maxLength={2000} value={draft.details} onChange={(event) => setDraft({ ...draft, details: event.target.value })} />
      </label>
      <label>
        Urgency
        <select value={draft.urgency} onChange={(event) => setDraft({ ...draft, urgency: event.target.value })}>
          <option>low</option>
          <option>normal</option>
          <option>high</option>
        </select>
      </label>
      <label>
        Hours
        <input type="number" min="0" max="100" step="any" value={draft.hours} onChange={(event) => setDraft({ ...draft, hours: event.target.value })} />
      </label>
      <label>
        Due on
        <input type="date" value={draft.dueOn} onChange={(event) => setDraft({ ...draft, dueOn: event.target.value })} />
      </label>
      <button className="main" type="submit">
        Open ticket
      </button>
      {trouble && <p role="alert">{trouble}</p>}
    </form>
  );
}
