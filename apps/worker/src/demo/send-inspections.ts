import { basename, join } from "node:path";

import { can, type ModelVersionId } from "@loupe/contracts";
import type { MemberView, NewImage } from "@loupe/db";
import { renderDemoWorld } from "@loupe/demo-world";
import { enqueue, recordEvent } from "@loupe/platform";

import { withScratchFolder } from "../importing/with-scratch-folder.ts";
import { begin, changeDemo, giveUp, type DemoJob, type PhaseOutcome } from "./demo-job.ts";
import { renderingThreads } from "./rendering-threads.ts";

/** A site sends pictures of the one product that it makes. */
type Shipment = {
  readonly sender: MemberView & { readonly site: string };
  readonly product: string;
  readonly images: readonly Omit<NewImage, "projectId">[];
};

/** Let each site send new pictures to be scored, as a person who drops them under Inspect. */
export async function sendInspections(job: DemoJob): Promise<PhaseOutcome> {
  const { services, world } = job;
  const run = world.runId === null ? null : await services.db.runs.find(world.runId);
  const modelVersionId = run?.modelVersionId ?? null;
  if (modelVersionId === null) return giveUp(job, "The demo's model was removed.");

  const shipments: Shipment[] = [];
  const senders = sendersOf(job.people);
  for (const [at, sender] of senders.entries()) {
    const product = world.plan.products[at % world.plan.products.length];
    if (product === undefined) break;
    shipments.push({ sender, product, images: await photograph(job, { product, at }) });
  }
  await storeAll(job, modelVersionId, shipments);
  return "goes on";
}

/** One person a site, who may send pictures; by the site's name. */
function sendersOf(people: readonly MemberView[]): Shipment["sender"][] {
  const bySite = new Map<string, Shipment["sender"]>();
  for (const person of people) {
    const { site, role } = person;
    if (site === null || role !== "reviewer" || !can(role, "inspection:write")) continue;
    if (!bySite.has(site)) bySite.set(site, { ...person, site });
  }
  return [...bySite.values()].toSorted((a, b) => (a.site < b.site ? -1 : 1));
}

/** New pictures of a product, in an order that tells nothing, in the blob store. */
async function photograph(
  { services: { blobs, folders }, world: { id, plan }, signal }: DemoJob,
  { product, at }: { product: string; at: number },
): Promise<Shipment["images"]> {
  const { size, inspected } = plan;
  const options = { size, products: [product], counts: { train: 0, ...inspected }, signal };
  return withScratchFolder({ parent: folders.scratch, owner: id }, async (dir) => {
    const images: Omit<NewImage, "projectId">[] = [];
    // Another seed than that of the imported pictures, so that nothing comes twice.
    const seed = plan.seed + 1 + at;
    for await (const { file } of renderDemoWorld({
      ...options,
      dir,
      seed,
      threads: renderingThreads(),
    })) {
      const { sha256, sizeBytes } = await blobs.putFile(join(dir, file));
      images.push({
        category: product,
        sha256,
        fileName: basename(file),
        sourcePath: basename(file),
        sizeBytes,
        width: size,
        height: size,
        label: "unknown",
        defectType: null,
        split: null,
        origin: "inspection",
      });
    }
    return images
      .toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
      .map((image, number) => {
        const name = `${product}-${String(number + 1).padStart(4, "0")}.jpg`;
        return { ...image, fileName: name, sourcePath: name };
      });
  });
}

async function storeAll(
  { services: { db }, world }: DemoJob,
  modelVersionId: ModelVersionId,
  shipments: readonly Shipment[],
): Promise<void> {
  const { projectId, organisationId } = world;
  await db.transaction(async (tx) => {
    for (const { sender, images } of shipments) {
      const { id } = await tx.inspections.create({
        projectId,
        modelVersionId,
        name: `${sender.site}, first shift`,
        createdById: sender.userId,
      });
      for (const image of images) {
        const stored = await tx.images.create({ ...image, projectId });
        await tx.inspections.addImage(id, stored.image.id);
      }
      const { status, imagesDone, imagesTotal } = await tx.inspections.markQueued(id);
      await enqueue(tx.sql, { name: "inspection.score", organisationId }, { inspectionId: id });
      await recordEvent(tx, {
        projectId,
        body: { type: "inspection.status", inspectionId: id, status, imagesDone, imagesTotal },
        actorId: sender.userId,
      });
    }
    await changeDemo(tx, world, begin("reviewing"));
  });
}
