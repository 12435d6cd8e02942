import { AppError } from "@loupe/contracts";

/** The whole body as text, of at most this many bytes. Throws TOO_LARGE without reading on. */
export async function readBodyText(request: Request, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let sizeBytes = 0;
  if (request.body === null) return text;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    sizeBytes += value.byteLength;
    if (sizeBytes > maxBytes) {
      await reader.cancel();
      throw new AppError("TOO_LARGE", `Expected at most ${maxBytes} bytes, got more.`);
    }
    text += decoder.decode(value, { stream: true });
  }
}
