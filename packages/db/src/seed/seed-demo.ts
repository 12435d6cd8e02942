import {
  FULL_DEMO,
  TINY_DEMO,
  type DemoContent,
  type DemoPlan,
  type UserId,
} from "@loupe/contracts";
import { hashPassword } from "better-auth/crypto";

import { clientOf } from "../client-of.ts";
import type { Database } from "../database.ts";
import type { Prisma } from "../generated/client.ts";
import { requireActor } from "../repositories/people/require-actor.ts";
import {
  DEMO_ORGANISATION,
  DEMO_PASSWORD,
  DEMO_PEOPLE,
  DEMO_PROJECT,
  DEMO_SITES,
} from "./demo-organisation.ts";
import { makeId } from "../make-id.ts";

const MARKER = "demo";

const PLANS: Readonly<Record<Exclude<DemoContent, "none" | "empty">, DemoPlan>> = {
  full: FULL_DEMO,
  tiny: TINY_DEMO,
};

/**
 * Make the demo organisation with its sites and people, once in the life of a database, and, unless
 * its content is `empty`, the project that a worker fills.
 *
 * What people change or remove afterwards stays changed or removed.
 * @returns false when it had been done before, or when no demo is wanted
 */
export async function seedDemo(
  database: Database,
  content: DemoContent = "full",
): Promise<boolean> {
  if (content === "none") return false;
  const client = clientOf(database);
  if ((await client.seedMarker.count({ where: { name: MARKER } })) > 0) return false;
  // Hashing takes its time by design, so it is done before the transaction; each has salt of its own.
  const people = await Promise.all(
    DEMO_PEOPLE.map(async (person) => ({
      ...person,
      id: makeId(),
      hash: await hashPassword(DEMO_PASSWORD),
    })),
  );
  return client.$transaction(async (tx) => {
    // Of two starts at once, the second one waits here for the first, and then finds its marker.
    const marker = await tx.seedMarker.createMany({
      data: [{ name: MARKER }],
      skipDuplicates: true,
    });
    if (marker.count === 0) return false;
    const organisationId = makeId();
    await tx.organization.create({ data: { id: organisationId, ...DEMO_ORGANISATION } });
    const sites = new Map<string, string>();
    for (const name of DEMO_SITES) {
      const site = await tx.site.create({ data: { organizationId: organisationId, name } });
      sites.set(name, site.id);
    }
    for (const { id, name, email, role, site, hash } of people) {
      const siteId = site === null ? null : (sites.get(site) ?? null);
      const account = { accountId: id, providerId: "credential", password: hash };
      await tx.user.create({
        data: {
          id,
          name,
          email,
          emailVerified: true,
          accounts: { create: { id: makeId(), ...account } },
          members: {
            create: { id: makeId(), organizationId: organisationId, role, siteId },
          },
        },
      });
    }
    const engineer = people.find(({ role }) => role === "engineer");
    if (content === "empty" || engineer === undefined) return true;
    await plantProject(tx, {
      organisationId,
      createdById: await requireActor(tx, { organisationId, userId: engineer.id as UserId }),
      plan: PLANS[content],
    });
    return true;
  });
}

async function plantProject(
  tx: Prisma.TransactionClient,
  {
    organisationId,
    createdById,
    plan,
  }: { organisationId: string; createdById: string; plan: DemoPlan },
): Promise<void> {
  const { id } = await tx.project.create({
    data: { organizationId: organisationId, name: DEMO_PROJECT, createdById },
  });
  await tx.demoWorld.create({ data: { projectId: id, plan } });
}
