import { basename, join } from "node:path";

import { getRun, listInspections, submitInspection, type StagedPicture } from "@loupe/application";
import { can, type ModelVersionId } from "@loupe/contracts";
import type { MemberView } from "@loupe/db";
import { renderDemoWorld } from "@loupe/demo-world";
import type { StagedBlobs } from "@loupe/platform";

import { withScratchFolder } from "../importing/with-scratch-folder.ts";
import {
  begin,
  changeDemo,
  findMaker,
  giveUp,
  personOf,
  type DemoJob,
  type PhaseOutcome,
} from "./demo-job.ts";
import { renderingThreads } from "./rendering-threads.ts";

/** A site sends pictures of the one product that it makes. */
type Shipment = {
  readonly sender: MemberView & { readonly site: string };
  readonly product: string;
  /** Position of the site, which decides what its pictures show. */
  readonly at: number;
};

/** Let each site send new pictures to be scored, as a person who drops them under Inspect. */
export async function sendInspections(job: DemoJob): Promise<PhaseOutcome> {
  const { services, world } = job;
  const modelVersionId = await findModel(job);
  if (modelVersionId === null) return giveUp(job, "The demo's model was removed.");
  for (const [at, sender] of sendersOf(job.people).entries()) {
    const product = world.plan.products[at % world.plan.products.length];
    if (product === undefined) break;
    await send(job, modelVersionId, { sender, product, at });
  }
  await services.db.transaction((tx) => changeDemo(tx, world, begin("reviewing")));
  return "goes on";
}

async function findModel(job: DemoJob): Promise<ModelVersionId | null> {
  const { runId, projectId } = job.world;
  const maker = findMaker(job);
  if (runId === null || maker === null) return null;
  return (await getRun(maker, job.services, { projectId, runId })).modelVersionId;
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

/** Send once, also when an earlier delivery broke off behind it. */
async function send(
  job: DemoJob,
  modelVersionId: ModelVersionId,
  { sender, product, at }: Shipment,
): Promise<void> {
  const { services, world } = job;
  const { projectId } = world;
  const caller = personOf(world, sender.userId);
  const name = `${sender.site}, first shift`;
  const sent = await listInspections(caller, services, { projectId });
  if (sent.some((inspection) => inspection.name === name)) return;
  const staged = services.blobs.stage();
  try {
    const images = await photograph(job, staged, { product, at });
    const category = product;
    const order = { projectId, modelVersionId, name, category, images, staged };
    await submitInspection(caller, services, order);
  } finally {
    await staged.discard();
  }
}

/** New pictures of a product, in an order that tells nothing, where files are staged. */
async function photograph(
  { services: { folders }, world: { id, plan }, signal }: DemoJob,
  staged: StagedBlobs,
  { product, at }: Pick<Shipment, "product" | "at">,
): Promise<StagedPicture[]> {
  const { size, inspected } = plan;
  const options = { size, products: [product], counts: { train: 0, ...inspected }, signal };
  return withScratchFolder({ parent: folders.scratch, owner: id }, async (dir) => {
    const images: StagedPicture[] = [];
    // Another seed than that of the imported pictures, so that nothing comes twice.
    const seed = plan.seed + 1 + at;
    for await (const { file } of renderDemoWorld({
      ...options,
      dir,
      seed,
      threads: renderingThreads(),
    })) {
      const { sha256, sizeBytes } = await staged.putFile(join(dir, file));
      const fileName = basename(file);
      images.push({ sha256, sizeBytes, fileName, sourcePath: fileName, width: size, height: size });
    }
    return images
      .toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
      .map((image, number) => {
        const name = `${product}-${String(number + 1).padStart(4, "0")}.jpg`;
        return { ...image, fileName: name, sourcePath: name };
      });
  });
}
