"use client";

import "../styles/globals.css";

import { ErrorPage } from "../components/error-page.tsx";

export default function GlobalError(props: {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
}) {
  return (
    <html lang="en">
      <body>
        <title>Error · Loupe</title>
        <ErrorPage {...props} />
      </body>
    </html>
  );
}
