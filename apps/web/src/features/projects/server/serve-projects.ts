import { listProjects } from "@loupe/application";

import { callerOf } from "../../../server/caller-of.ts";
import type { RestCall } from "../../../server/rest.ts";

/** The projects of the caller's organisation, by name. */
export async function serveProjects({
  signIn,
  services,
}: RestCall<Record<string, never>>): Promise<Response> {
  const projects = await listProjects(callerOf(signIn), services);
  return Response.json({ projects });
}
