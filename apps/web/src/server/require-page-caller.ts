import { headers } from "next/headers";
import { redirect } from "next/navigation";

import { readSignIn } from "./read-sign-in.ts";
import { REQUEST_ID_HEADER } from "./request-id.ts";
import { createCaller } from "./root.ts";
import { services } from "./services.ts";

/** Procedures for a page that is being rendered; sends whoever is not signed in to the sign-in page. */
export async function requirePageCaller(): Promise<ReturnType<typeof createCaller>> {
  const provided = services();
  const requestHeaders = await headers();
  const signIn = await readSignIn(provided.auth, requestHeaders);
  if (signIn === null) redirect("/sign-in");
  return createCaller({
    services: provided,
    requestId: requestHeaders.get(REQUEST_ID_HEADER) ?? crypto.randomUUID(),
    signIn,
  });
}
