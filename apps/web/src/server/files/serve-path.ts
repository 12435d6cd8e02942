import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

import { serveStream, type ServedFile } from "./serve-stream.ts";

type ServedPath = Omit<ServedFile, "sizeBytes" | "open"> & { readonly path: string };

/** Stream a local file, such as a derived one. */
export async function servePath(
  request: Request,
  { path, ...file }: ServedPath,
): Promise<Response> {
  const { size } = await stat(path);
  return serveStream(request, {
    ...file,
    sizeBytes: size,
    open: () => Promise.resolve(createReadStream(path)),
  });
}
