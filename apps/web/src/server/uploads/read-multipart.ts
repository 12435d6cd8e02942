import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeWebStream } from "node:stream/web";

import { AppError } from "@loupe/contracts";
import busboy from "busboy";

export type IncomingFile = {
  /** Name of the form field. */
  readonly field: string;
  /** As the browser says it, with folders; never trust it as a path. */
  readonly fileName: string;
  readonly source: Readable;
};

export type MultipartOptions = {
  readonly maxTotalBytes: number;
  readonly maxFiles: number;
  /** Takes one file at a time, in the order of the form, and reads its source to the end. */
  readonly onFile: (file: IncomingFile) => Promise<void>;
};

const MAX_FIELDS = 20;
const MAX_FIELD_BYTES = 4096;

/**
 * Read a multipart form as it arrives, holding no more than a few buffers.
 *
 * Returns the text fields once every file has been taken. Throws BAD_INPUT for
 * anything that is not a multipart form, TOO_LARGE beyond the limits, whatever
 * `onFile` throws, and an AbortError-like failure when the client goes away.
 */
export async function readMultipart(
  request: Request,
  options: MultipartOptions,
): Promise<ReadonlyMap<string, string>> {
  const contentType = request.headers.get("content-type") ?? "";
  if (!/^multipart\/form-data\s*;.*boundary=/i.test(contentType) || request.body === null) {
    throw new AppError(
      "BAD_INPUT",
      `Expected a multipart/form-data upload, got ${contentType === "" ? "no content type" : contentType}.`,
    );
  }
  refuseDeclaredSize(request.headers, options.maxTotalBytes);

  const fields = new Map<string, string>();
  const parser = busboy({
    headers: { "content-type": contentType },
    preservePath: true,
    defParamCharset: "utf8",
    limits: {
      fields: MAX_FIELDS,
      fieldSize: MAX_FIELD_BYTES,
      fieldNameSize: 100,
      files: options.maxFiles,
      headerPairs: 100,
    },
  });
  const abort = new AbortController();
  let taken = Promise.resolve();

  parser.on("field", (name, value, { valueTruncated }) => {
    const problem = valueTruncated
      ? new AppError("BAD_INPUT", `Expected at most ${MAX_FIELD_BYTES} bytes in a field, got more.`)
      : findNul(name, value);
    if (problem !== null) abort.abort(problem);
    fields.set(name, value);
  });
  parser.on("file", (field, source, { filename }) => {
    const problem = findNul(field, filename ?? "");
    if (problem !== null) abort.abort(problem);
    // The form may end before the turn of a small file that has arrived already; and when an
    // earlier file was refused, nobody listens to the errors of the later ones.
    source.on("error", () => undefined);
    taken = taken.then(() => options.onFile({ field, fileName: filename ?? "", source }));
    taken.catch((error: unknown) => {
      source.resume();
      abort.abort(error);
    });
  });
  parser.on("filesLimit", () => {
    abort.abort(new AppError("TOO_LARGE", `Expected at most ${options.maxFiles} files, got more.`));
  });
  parser.on("fieldsLimit", () => {
    abort.abort(new AppError("TOO_LARGE", `Expected at most ${MAX_FIELDS} fields, got more.`));
  });

  try {
    await pipeline(
      Readable.fromWeb(request.body as NodeWebStream<Uint8Array>),
      limitBytes(options.maxTotalBytes),
      parser,
      { signal: abort.signal },
    );
  } catch (error) {
    await taken.catch(() => undefined);
    throw explain(abort.signal.aborted ? abort.signal.reason : error, request);
  }
  await taken;
  return fields;
}

/** A NUL ends a name for the file system and is no text for the database. */
function findNul(...texts: readonly string[]): AppError | null {
  if (!texts.some((text) => text.includes("\0"))) return null;
  return new AppError(
    "BAD_INPUT",
    "Expected the name or text of a form field, got the character U+0000. Remove it.",
  );
}

function refuseDeclaredSize(headers: Headers, maxBytes: number): void {
  const declared = Number(headers.get("content-length") ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes);
}

function limitBytes(maxBytes: number): Transform {
  let sizeBytes = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) done(tooLarge(maxBytes));
      else done(null, chunk);
    },
  });
}

function tooLarge(maxBytes: number): AppError {
  const gibibytes = (maxBytes / 1024 ** 3).toFixed(1);
  return new AppError(
    "TOO_LARGE",
    `Expected at most ${gibibytes} GiB in one upload, got more. Split it.`,
    { maxBytes },
  );
}

/** The parser's own complaints are about the form, not bugs of ours. */
function explain(error: unknown, request: Request): unknown {
  if (request.signal.aborted || !(error instanceof Error)) return error;
  const isParserError = /^(Unexpected end of form|Malformed|Unsupported|Missing)/.test(
    error.message,
  );
  if (!isParserError) return error;
  return new AppError("BAD_INPUT", `Expected a complete multipart form, got: ${error.message}.`);
}
