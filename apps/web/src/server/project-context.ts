import type { OrganisationId, ProjectId, Role, UserId } from "@loupe/contracts";
import type { Database } from "@loupe/db";
import type { BlobStore } from "@loupe/platform";

/** What a use case inside a project gets: access has been checked by whoever made this. */
export type ProjectContext = {
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly user: { readonly id: UserId; readonly name: string };
  readonly organisationId: OrganisationId;
  readonly projectId: ProjectId;
  readonly role: Role;
};
