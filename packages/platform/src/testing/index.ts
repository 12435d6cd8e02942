export { openMemoryBlobStore } from "./open-memory-blob-store.ts";
