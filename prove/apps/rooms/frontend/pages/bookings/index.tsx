import Link from "next/link";
import { useState } from "react";
import { BookingForm } from "@/lib/booking-form";
import { type Booking, type Room, useData } from "@/lib/house";

const PER_PAGE = 20;

export default function BookingsPage() {
  const [room, setRoom] = useState("");
  const [day, setDay] = useState("");
  const [page, setPage] = useState(1);
  const rooms = useData<Room[]>("/api/rooms");
  const filters = `${room && `&room_id=${room}`}${day && `&day=${day}`}`;
  const bookings = useData<Booking[]>(`/api/bookings?page=${page}&per_page=${PER_PAGE}${filters}`);
  const names = new Map((rooms.data ?? []).map((one) => [one.id, one.name]));
  return (
    <>
      <h1>Bookings</h1>
      <BookingForm rooms={rooms.data ?? []} action="Book" onSaved={bookings.reload} />
      <h2>All bookings</h2>
      <div className="fields">
        <label>
          Show room
          <select
            value={room}
            onChange={(event) => {
              setRoom(event.target.value);
              setPage(1);
            }}
          >
            <option value="">All rooms</option>
            {rooms.data?.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <label>
          Show day
          <input
            type="date"
            value={day}
            onChange={(event) => {
              setDay(event.target.value);
              setPage(1);
            }}
          />
        </label>
      </div>
      {bookings.problem && <p className="problem" role="alert">{bookings.problem}</p>}
      {bookings.data?.length === 0 && <p>Nothing is booked.</p>}
      <ul>
        {bookings.data?.map((one) => (
          <li key={one.id}>
            <Link href={`/bookings/${one.id}`}>{one.title}</Link>
            {` – ${names.get(one.room_id) ?? "?"}, ${one.day}, ${one.hour}:00 to ${one.hour + one.hours}:00, ${one.person}, ${one.status}`}
          </li>
        ))}
      </ul>
      {bookings.total > PER_PAGE && (
        <p>
          <button type="button" disabled={page === 1} onClick={() => setPage(page - 1)}>
            Previous
          </button>
          {` Page ${page} `}
          <button type="button" disabled={page * PER_PAGE >= bookings.total} onClick={() => setPage(page + 1)}>
            Next
          </button>
        </p>
      )}
    </>
  );
}
