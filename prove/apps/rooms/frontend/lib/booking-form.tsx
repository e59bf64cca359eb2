import { type SyntheticEvent, useState } from "react";
import { type Booking, type Room, send } from "./house";

interface BookingFormProps {
  rooms: Room[];
  action: string;
  booking?: Booking;
  onSaved: () => void;
}

export function BookingForm({ rooms, action, booking, onSaved }: BookingFormProps) {
  const [values, setValues] = useState({
    room_id: booking?.room_id ?? "",
    title: booking?.title ?? "",
    person: booking?.person ?? "",
    day: booking?.day ?? "",
    hour: String(booking?.hour ?? 9),
    hours: String(booking?.hours ?? 1),
  });
  const [refusal, setRefusal] = useState("");
  const set = (name: string) => (event: { target: { value: string } }) => setValues({ ...values, [name]: event.target.value });

  async function save(event: SyntheticEvent) {
    event.preventDefault();
    const body = { ...values, hour: Number(values.hour), hours: Number(values.hours) };
    const said = booking ? await send("PUT", `/api/bookings/${booking.id}`, body) : await send("POST", "/api/bookings", body);
    setRefusal(said);
    if (said) return;
    if (!booking) setValues({ ...values, title: "" });
    onSaved();
  }

  return (
    <form className="fields" onSubmit={save}>
      <label>
        Room
        <select required value={values.room_id} onChange={set("room_id")}>
          <option value="">Choose…</option>
          {rooms.map((room) => (
            <option key={room.id} value={room.id}>
              {room.name}
            </option>
          ))}
        </select>
      </label>
      <label>
        Title
        <input required maxLength={100} value={values.title} onChange={set("title")} />
      </label>
      <label>
        Person
        <input required maxLength={60} value={values.person} onChange={set("person")} />
      </label>
      <label>
        Day
        <input required type="date" value={values.day} onChange={set("day")} />
      </label>
      <label>
        From hour
        <input required type="number" min="8" max="19" value={values.hour} onChange={set("hour")} />
      </label>
      <label>
        Hours
        <input required type="number" min="1" max="4" value={values.hours} onChange={set("hours")} />
      </label>
      <button type="submit">{action}</button>
      {refusal && <p className="problem" role="alert">{refusal}</p>}
    </form>
  );
}
