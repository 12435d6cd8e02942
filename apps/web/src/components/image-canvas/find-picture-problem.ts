/** Why a picture cannot be drawn. */
export type PictureProblem = "missing" | "unreachable" | "undecodable" | "damaged";

/** What each means to the person who looks, and what to do. */
export const PICTURE_PROBLEMS: Readonly<Record<PictureProblem, string>> = {
  missing:
    "The file is missing on the server. Import the picture again, or ask whoever runs Loupe to restore its files from a backup.",
  unreachable: "The server does not give the file at the moment. Try again in a minute.",
  damaged: "The file is damaged: the server cannot decode it either. Import the picture again.",
  undecodable: "This browser cannot show the file itself. Download it, or try another browser.",
};

/** What answers of the server say of the file. */
const PROBLEMS: Readonly<Record<number, PictureProblem>> = {
  404: "missing",
  410: "missing",
  422: "damaged",
};

/** Ask for a picture's file again, to tell a browser that cannot show it from a server that lacks it. */
export async function findPictureProblem(
  url: string,
  get: (url: string) => Promise<Response> = fetch,
): Promise<PictureProblem> {
  const answer = await get(url).catch(() => null);
  // Only how it begins is asked for.
  await answer?.body?.cancel().catch(() => undefined);
  if (answer === null) return "unreachable";
  return PROBLEMS[answer.status] ?? (answer.ok ? "undecodable" : "unreachable");
}
