import type { Database } from "@loupe/db";
import type { BlobStore } from "@loupe/platform";

/** What use cases work with: the repositories and the files. */
export type Ports = { readonly db: Database; readonly blobs: BlobStore };
