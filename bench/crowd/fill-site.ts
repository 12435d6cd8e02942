import type { CaseRow, ProjectId } from "@loupe/contracts";
import { aCase, aModel, aPerson, aWorld } from "@loupe/db/testing";

import { signIn } from "../../apps/web/src/testing/a-web-world.ts";
import type { WebServices } from "../../apps/web/src/server/services.ts";

export type Crowd = {
  readonly projectId: ProjectId;
  readonly cookies: readonly string[];
  readonly cases: readonly CaseRow[];
};

/** One project with open cases, and many people who are signed in. */
export async function fillSite(
  services: WebServices,
  counts: { readonly people: number; readonly cases: number },
): Promise<Crowd> {
  const { db } = services;
  const world = await aWorld(db);
  const model = await aModel(db, world);
  const cases: CaseRow[] = [];
  for (let i = 0; i < counts.cases; i++) cases.push(await aCase(db, world, { model }));
  const cookies: string[] = [];
  for (let i = 0; i < counts.people; i++) {
    const name = `Reviewer ${i + 1}`;
    const { organisationId } = world;
    const userId = await aPerson(db, { organisationId, role: "reviewer", name });
    cookies.push((await signIn(services, userId, name)).cookie);
  }
  return { projectId: world.projectId, cookies, cases };
}
