import { SITE, type Caller } from "./a-web-world.ts";
import { formBody } from "./form-body.ts";

/** What a `route.ts` of Next exports. */
export type RouteHandler = (
  request: Request,
  segment: { params: Promise<Record<string, string> | undefined> },
) => Promise<Response>;

type RouteCall = {
  readonly caller: Caller;
  /** Left out for an address without a part that varies, as Next does. */
  readonly params?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly body?: BodyInit;
};

/** Call a route handler as a page of ours does: GET, or POST when there is a body. */
export async function callRoute(handler: RouteHandler, call: RouteCall): Promise<Response> {
  const form = call.body instanceof FormData ? await formBody(call.body) : null;
  const body = form?.body ?? call.body;
  const headers = { cookie: call.caller.cookie, origin: SITE, ...form?.headers, ...call.headers };
  const request = new Request(`${SITE}/api/x`, {
    headers,
    ...(body === undefined ? {} : { method: "POST", body, duplex: "half" }),
  });
  return handler(request, { params: Promise.resolve(call.params) });
}
