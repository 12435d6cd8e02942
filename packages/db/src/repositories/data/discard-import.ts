import type { ImportId } from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";

/**
 * Images that others have come to use meanwhile stay: a frozen version or a
 * case may not lose its picture. Freezing leaves the images of an unfinished
 * import out, so this takes a second import of the same content to happen.
 */
export async function discardImport(tx: Prisma.TransactionClient, id: ImportId): Promise<void> {
  await tx.importFile.deleteMany({ where: { importId: id } });
  await tx.mask.deleteMany({ where: { importId: id, datasetItems: { none: {} } } });
  await tx.image.deleteMany({
    where: {
      importId: id,
      datasetItems: { none: {} },
      predictions: { none: {} },
      probes: { none: {} },
      cases: { none: {} },
      inspections: { none: {} },
    },
  });
  // Locked first: an import beside this one may be putting its first image into the category,
  // and the deletion below then sees that image.
  await tx.$queryRaw`
    select "id" from "category"
    where "projectId" = (select "projectId" from "import" where "id" = ${id}::uuid)
    order by "id" for update`;
  await tx.category.deleteMany({
    where: { project: { imports: { some: { id } } }, images: { none: {} } },
  });
}
