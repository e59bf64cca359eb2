import { type SyntheticEvent, useState } from "react";
import { type Room, send, useData } from "@/lib/house";

export default function RoomsPage() {
  const { data: rooms, problem, reload } = useData<Room[]>("/api/rooms");
  const [name, setName] = useState("");
  const [seats, setSeats] = useState("");
  const [hasScreen, setHasScreen] = useState(false);
  const [refusal, setRefusal] = useState("");

  async function add(event: SyntheticEvent) {
    event.preventDefault();
    const said = await send("POST", "/api/rooms", { name, seats: Number(seats), has_screen: hasScreen });
    setRefusal(said);
    if (said) return;
    setName("");
    setSeats("");
    reload();
  }

  async function remove(room: Room) {
    if (!window.confirm(`Remove ${room.name} and its bookings?`)) return;
    setRefusal(await send("DELETE", `/api/rooms/${room.id}`));
    reload();
  }

  return (
    <>
      <h1>Rooms</h1>
      <form className="fields" onSubmit={add}>
        <label>
          Name
          <input required maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <label>
          Seats
          <input required type="number" min="1" max="500" value={seats} onChange={(event) => setSeats(event.target.value)} />
        </label>
        <label>
          Screen
          <input type="checkbox" checked={hasScreen} onChange={(event) => setHasScreen(event.target.checked)} />
        </label>
        <button type="submit">Add room</button>
      </form>
      {refusal && <p className="problem" role="alert">{refusal}</p>}
      {problem && <p className="problem" role="alert">{problem}</p>}
      {rooms?.length === 0 && <p>There are no rooms yet.</p>}
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th>Room</th>
              <th>Seats</th>
              <th>Screen</th>
              <th>Remove</th>
            </tr>
          </thead>
          <tbody>
            {rooms?.map((room) => (
              <tr key={room.id}>
                <td>{room.name}</td>
                <td>{room.seats}</td>
                <td>{room.has_screen ? "yes" : "no"}</td>
                <td>
                  <button type="button" aria-label={`Remove ${room.name}`} onClick={() => void remove(room)}>
                    Remove
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
