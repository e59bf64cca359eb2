import { useRouter } from "next/router";
import { useState } from "react";
import { BookingForm } from "@/lib/booking-form";
import { type Booking, type Room, send, useData } from "@/lib/house";

export default function BookingPage() {
  const { booking_id: id } = useRouter().query;
  return typeof id === "string" ? <Details id={id} /> : null;
}

function Details({ id }: { id: string }) {
  const router = useRouter();
  const { data: booking, problem, reload } = useData<Booking>(`/api/bookings/${id}`);
  const rooms = useData<Room[]>("/api/rooms");
  const [refusal, setRefusal] = useState("");

  async function confirm() {
    setRefusal(await send("POST", `/api/bookings/${id}/confirm`));
    reload();
  }

  async function cancel() {
    if (!window.confirm("Cancel this booking?")) return;
    const said = await send("DELETE", `/api/bookings/${id}`);
    setRefusal(said);
    if (!said) await router.push("/bookings");
  }

  return (
    <>
      <h1>{booking?.title ?? "Booking"}</h1>
      {problem && <p className="problem" role="alert">{problem}</p>}
      {refusal && <p className="problem" role="alert">{refusal}</p>}
      {booking && rooms.data && (
        <>
          <p>{`${booking.day}, ${booking.hour}:00, ${booking.hours} h, ${booking.person}: ${booking.status}`}</p>
          <BookingForm rooms={rooms.data} action="Save booking" booking={booking} onSaved={reload} />
          <p>
            {booking.status === "requested" && (
              <button type="button" onClick={() => void confirm()}>
                Confirm
              </button>
            )}{" "}
            <button type="button" onClick={() => void cancel()}>
              Cancel booking
            </button>
          </p>
        </>
      )}
    </>
  );
}
