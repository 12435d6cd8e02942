import type { Role } from "@loupe/contracts";
import { DEMO_PASSWORD, listDemoPeople, type Database } from "@loupe/db";

export type DemoSignIns = {
  readonly password: string;
  /** `what` says in a word what the person may do. */
  readonly people: readonly { readonly email: string; readonly what: Role }[];
};

/** The demo's people that are still there, and the password that all of them have. */
export async function listDemoSignIns(db: Database): Promise<DemoSignIns | null> {
  const people = await listDemoPeople(db);
  if (people.length === 0) return null;
  return {
    password: DEMO_PASSWORD,
    people: people.map(({ email, role }) => ({ email, what: role })),
  };
}
