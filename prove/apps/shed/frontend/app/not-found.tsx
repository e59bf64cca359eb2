import Link from "next/link";

export default function NotFound() {
  return (
    <>
      <h1>There is nothing here</h1>
      <p>
        It may have been removed. <Link href="/">Back to the tools</Link>
      </p>
    </>
  );
}
