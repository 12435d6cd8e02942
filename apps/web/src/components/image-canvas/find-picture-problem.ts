/** Why a picture cannot be drawn. */
export type PictureProblem = "missing" | "unreachable" | "undecodable";

/** What each means to the person who looks, and what to do. */
export const PICTURE_PROBLEMS: Readonly<Record<PictureProblem, string>> = {
  missing:
    "The file is missing on the server. Import the picture again, or ask whoever runs Loupe to restore its files from a backup.",
  unreachable: "The server does not give the file at the moment. Try again in a minute.",
  undecodable: "This browser cannot show the file itself. Download it, or try another browser.",
};

/** The answers of a server that does not have the file. */
const ABSENT = [404, 410];

/** Ask for a picture's file again, to tell a browser that cannot show it from a server that lacks it. */
export async function findPictureProblem(
  url: string,
  get: (url: string) => Promise<Response> = fetch,
): Promise<PictureProblem> {
  const answer = await get(url).catch(() => null);
  // Only how it begins is asked for.
  await answer?.body?.cancel().catch(() => undefined);
  if (answer === null) return "unreachable";
  if (ABSENT.includes(answer.status)) return "missing";
  return answer.ok ? "undecodable" : "unreachable";
}
