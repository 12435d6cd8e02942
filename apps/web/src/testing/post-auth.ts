import { CLIENT_ADDRESS_HEADER } from "../server/client-address-header.ts";
import { fetchAuth } from "../server/fetch-auth.ts";
import { SITE, type Caller, type WebWorld } from "./a-web-world.ts";

export type Posted = {
  readonly caller?: Caller;
  readonly body?: object;
  readonly headers?: Record<string, string>;
};

/** What a browser would send to better-auth's routes, and their answer. */
export function postAuth(
  world: WebWorld,
  path: string,
  { caller = world.anonymous, body = {}, headers = {} }: Posted = {},
): Promise<Response> {
  const request = new Request(`${SITE}/api/auth${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      cookie: caller.cookie,
      origin: SITE,
      [CLIENT_ADDRESS_HEADER]: "192.0.2.1",
      ...headers,
    },
    body: JSON.stringify(body),
  });
  return fetchAuth(request, world.services);
}
