"use client";

import { type SyntheticEvent, useCallback, useEffect, useState } from "react";
import { ask, sentence } from "@/lib/ask";

interface Note {
  id: string;
  text: string;
}

export default function NotesPage() {
  const [name, setName] = useState<string | null>();
  const [notes, setNotes] = useState<Note[]>([]);
  const [text, setText] = useState("");
  const [trouble, setTrouble] = useState("");

  const load = useCallback(async () => {
    try {
      const person = await ask<{ name: string | null }>("GET", "/api/session");
      setName(person.name);
      setNotes(person.name ? await ask<Note[]>("GET", "/api/notes") : []);
      setTrouble("");
    } catch (error) {
      setTrouble(sentence(error));
    }
  }, []);

  useEffect(() => {
    void load();
  }, [load]);

  async function attempt(act: () => Promise<unknown>) {
    try {
      await act();
      await load();
    } catch (error) {
      setTrouble(sentence(error));
    }
  }

  function keep(event: SyntheticEvent) {
    event.preventDefault();
    void attempt(async () => {
      await ask("POST", "/api/notes", { text });
      setText("");
    });
  }

  return (
    <>
      <h1>My notes</h1>
      {trouble && <p role="alert">{trouble}</p>}
      {name === null && <SignIn onSent={(body) => attempt(() => ask("POST", "/api/session", body))} />}
      {name && (
        <>
          <p>
            {`Signed in as ${name} `}
            <button type="button" onClick={() => void attempt(() => ask("DELETE", "/api/session"))}>
              Sign out
            </button>
          </p>
          <form aria-label="New note" onSubmit={keep}>
            <label>
              Note
              <input required maxLength={500} value={text} onChange={(event) => setText(event.target.value)} />
            </label>
            <button className="main" type="submit">
              Keep note
            </button>
          </form>
          {notes.length === 0 && <p>No notes yet.</p>}
          <ul className="cards">
            {notes.map((note) => (
              <li key={note.id}>
                <span>{note.text}</span>
                <button type="button" aria-label={`Delete ${note.text}`} onClick={() => void attempt(() => ask("DELETE", `/api/notes/${note.id}`))}>
                  Delete
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function SignIn({ onSent }: { onSent: (body: { name: string; passphrase: string }) => Promise<void> }) {
  const [name, setName] = useState("");
  const [passphrase, setPassphrase] = useState("");
  return (
    <form
      aria-label="Sign in"
      onSubmit={(event) => {
        event.preventDefault();
        void onSent({ name, passphrase });
      }}
    >
      <label>
        Name
        <input required minLength={2} maxLength={40} autoComplete="username" value={name} onChange={(event) => setName(event.target.value)} />
      </label>
      <label>
        Passphrase
        <input required minLength={8} maxLength={200} type="password" autoComplete="current-password" value={passphrase} onChange={(event) => setPassphrase(event.target.value)} />
      </label>
      <button className="main" type="submit">
        Sign in
      </button>
    </form>
  );
}
