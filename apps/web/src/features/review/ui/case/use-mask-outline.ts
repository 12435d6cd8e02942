"use client";

import type { MaskId } from "@loupe/contracts";
import { useQuery } from "@tanstack/react-query";

import type { Outline } from "../../../../components/image-canvas/draw-scene.ts";
import { traceOutline } from "../../../../lib/heatmap/trace-outline.ts";

async function loadOutline(url: string, signal: AbortSignal): Promise<Outline> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`Expected a mask from ${url}, got status ${response.status}`);
  const bitmap = await createImageBitmap(await response.blob());
  const size = { width: bitmap.width, height: bitmap.height };
  const context = new OffscreenCanvas(size.width, size.height).getContext("2d", {
    willReadFrequently: true,
  });
  if (!context) throw new Error("Expected a 2d canvas to read the mask with, got none");
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, size.width, size.height);
  const inside = new Uint8Array(size.width * size.height);
  for (let i = 0; i < inside.length; i++) inside[i] = data[4 * i] ?? 0;
  return { segments: traceOutline(inside, size.width, size.height), size };
}

/** The outline of a ground-truth mask. Masks never change, so each is traced once. */
export function useMaskOutline(maskId: MaskId | null) {
  return useQuery({
    queryKey: ["mask-outline", maskId],
    queryFn: ({ signal }) => loadOutline(`/api/masks/${maskId ?? ""}`, signal),
    enabled: maskId !== null,
    staleTime: Infinity,
    retry: 2,
    structuralSharing: false,
  });
}
