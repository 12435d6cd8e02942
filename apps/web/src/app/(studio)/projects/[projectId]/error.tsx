"use client";

import { ErrorPage } from "../../../../components/error-page.tsx";

export default function ProjectError(props: {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
}) {
  return <ErrorPage {...props} />;
}
