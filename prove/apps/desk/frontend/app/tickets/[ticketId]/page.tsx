"use client";

import { useParams, useRouter } from "next/navigation";
import { type SyntheticEvent, useCallback, useEffect, useState } from "react";
import { ask, sentence, type Ticket } from "@/lib/ask";

interface Comment {
  id: string;
  text: string;
}

export default function TicketPage() {
  const { ticketId } = useParams<{ ticketId: string }>();
  const router = useRouter();
  const [ticket, setTicket] = useState<Ticket | null>(null);
  const [comments, setComments] = useState<Comment[]>([]);
  const [subject, setSubject] = useState("");
  const [text, setText] = useState("");
  const [trouble, setTrouble] = useState("");

  const load = useCallback(async () => {
    try {
      const read = await ask<Ticket>("GET", `/api/tickets/${ticketId}`);
      setTicket(read);
      setSubject(read.subject);
      setComments(await ask<Comment[]>("GET", `/api/tickets/${ticketId}/comments`));
    } catch (error) {
      setTrouble(sentence(error));
    }
  }, [ticketId]);

  useEffect(() => {
    void load();
  }, [load]);

  async function attempt(act: () => Promise<unknown>) {
    try {
      await act();
      setTrouble("");
      await load();
    } catch (error) {
      setTrouble(sentence(error));
    }
  }

  function rename(event: SyntheticEvent) {
    event.preventDefault();
    void attempt(() => ask("PATCH", `/api/tickets/${ticketId}`, { subject }));
  }

  function comment(event: SyntheticEvent) {
    event.preventDefault();
    void attempt(async () => {
      await ask("POST", `/api/tickets/${ticketId}/comments`, { text });
      setText("");
    });
  }

  async function drop() {
    if (!window.confirm("Delete this ticket and its comments?")) return;
    try {
      await ask("DELETE", `/api/tickets/${ticketId}`);
      router.push("/");
    } catch (error) {
      setTrouble(sentence(error));
    }
  }

  return (
    <>
      <h1>{ticket ? ticket.subject : "Ticket"}</h1>
      {trouble && <p role="alert">{trouble}</p>}
      {ticket && (
        <>
          <p>{`${ticket.state}, ${ticket.urgency}, ${ticket.hours} h${ticket.dueOn ? `, due ${ticket.dueOn}` : ""}`}</p>
          <p>{ticket.details}</p>
          <form aria-label="Rename" onSubmit={rename}>
            <label>
              Subject
              <input required maxLength={120} value={subject} onChange={(event) => setSubject(event.target.value)} />
            </label>
            <button type="submit">Rename</button>
          </form>
          <p>
            {ticket.state === "open" && (
              <button type="button" onClick={() => void attempt(() => ask("POST", `/api/tickets/${ticketId}/close`))}>
                Close ticket
              </button>
            )}{" "}
            <button type="button" onClick={() => void drop()}>
              Delete ticket
            </button>
          </p>
          <h2>Comments</h2>
          {comments.length === 0 && <p>No comments yet.</p>}
          <ul className="cards">
            {comments.map((one) => (
              <li key={one.id}>{one.text}</li>
            ))}
          </ul>
          <form aria-label="New comment" onSubmit={comment}>
            <label>
              Comment
              <input required maxLength={1000} value={text} onChange={(event) => setText(event.target.value)} />
            </label>
            <button type="submit">Send comment</button>
          </form>
        </>
      )}
    </>
  );
}
