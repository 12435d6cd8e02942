/** True for methods that change nothing: a HEAD is a GET whose answer stays away. */
export function isReadOnly(method: string): boolean {
  return method === "GET" || method === "HEAD";
}
