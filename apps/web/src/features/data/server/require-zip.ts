import { AppError } from "@loupe/contracts";

/** First bytes of a zip archive with entries, and of an empty one. */
const SIGNATURES = ["PK\u0003\u0004", "PK\u0005\u0006"];

/** Pass an upload through as long as it begins like a zip. Throws IMPORT_REFUSED. */
export async function* requireZip(
  source: AsyncIterable<Uint8Array>,
  fileName: string,
): AsyncGenerator<Uint8Array> {
  let head = "";
  let isChecked = false;
  const held: Uint8Array[] = [];
  for await (const chunk of source) {
    if (isChecked) {
      yield chunk;
      continue;
    }
    held.push(chunk);
    head += Buffer.from(chunk.subarray(0, 4)).toString("latin1");
    if (head.length < 4) continue;
    refuseUnlessZip(head, fileName);
    isChecked = true;
    yield* held;
  }
  if (!isChecked) refuseUnlessZip(head, fileName);
}

function refuseUnlessZip(head: string, fileName: string): void {
  if (SIGNATURES.includes(head.slice(0, 4))) return;
  throw new AppError(
    "IMPORT_REFUSED",
    `Expected a zip archive, but ${JSON.stringify(fileName)} does not begin like one. ` +
      "Zip the folder that holds the categories, or drop the folder itself.",
  );
}
