"use client";

import { queryOptions, useQuery } from "@tanstack/react-query";

import { findPictureProblem, type PictureProblem } from "./find-picture-problem.ts";

/** A picture that cannot be drawn, and why. */
export class PictureError extends Error {
  override readonly name = "PictureError";

  constructor(readonly problem: PictureProblem) {
    super(problem);
  }
}

async function loadPicture(url: string): Promise<HTMLImageElement> {
  const picture = new Image();
  picture.src = url;
  try {
    await picture.decode();
  } catch {
    throw new PictureError(await findPictureProblem(url));
  }
  return picture;
}

/** Asking again helps only when the server could not be reached. */
function isWorthAnotherTry(failures: number, error: Error): boolean {
  return failures < 2 && error instanceof PictureError && error.problem === "unreachable";
}

/** How a decoded picture is kept; also for loading the next one ahead. */
export function pictureOptions(url: string) {
  return queryOptions({
    queryKey: ["picture", url],
    queryFn: () => loadPicture(url),
    staleTime: Infinity,
    gcTime: 60_000,
    retry: isWorthAnotherTry,
    structuralSharing: false,
  });
}

/** A decoded picture by its address, ready to be drawn. */
export function usePicture(url: string | null) {
  return useQuery({ ...pictureOptions(url ?? ""), enabled: url !== null });
}
