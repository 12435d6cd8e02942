import { clientOf } from "../client-of.ts";
import type { Database } from "../database.ts";
import { DEMO_PEOPLE } from "./demo-organisation.ts";

/** The people of the demo organisation who can still sign in; none where there is no demo. */
export async function listDemoPeople(
  database: Database,
): Promise<readonly (typeof DEMO_PEOPLE)[number][]> {
  const users = await clientOf(database).user.findMany({
    where: { email: { in: DEMO_PEOPLE.map(({ email }) => email) } },
    select: { email: true },
  });
  const known = new Set(users.map(({ email }) => email));
  return DEMO_PEOPLE.filter(({ email }) => known.has(email));
}
