import { headers } from "next/headers";
import { redirect } from "next/navigation";

import { signInPath } from "../lib/sign-in-path.ts";
import { PAGE_ADDRESS_HEADER } from "./page-address.ts";
import { readSignIn } from "./read-sign-in.ts";
import { REQUEST_ID_HEADER } from "./request-id.ts";
import { createCaller } from "./root.ts";
import { services } from "./services.ts";

/**
 * Procedures for a page that is being rendered. Whoever is not signed in is sent to the sign-in
 * page, which leads back to where they wanted to go.
 */
export async function requirePageCaller(): Promise<ReturnType<typeof createCaller>> {
  const provided = services();
  const requestHeaders = await headers();
  const signIn = await readSignIn(provided.auth, requestHeaders);
  if (signIn === null) redirect(signInPath(requestHeaders.get(PAGE_ADDRESS_HEADER) ?? "/"));
  return createCaller({
    services: provided,
    requestId: requestHeaders.get(REQUEST_ID_HEADER) ?? crypto.randomUUID(),
    signIn,
  });
}
