"use client";

import { type ImageView, showInvisible } from "@loupe/contracts";
import { Check, CircleHelp, X } from "lucide-react";
import { useEffect, useEffectEvent, useRef } from "react";

import { useStageSize } from "../../../components/image-canvas/use-stage-size.ts";
import { useVirtualList } from "../../../lib/use-virtual-list.ts";

type ImageGridProps = {
  readonly rows: readonly ImageView[];
  readonly onNearEnd: () => void;
};

const TILE_WIDTH = 132;
const TILE_GAP = 10;
const CAPTION_HEIGHT = 38;

const LABEL_SIGN = {
  good: <Check aria-hidden className="text-good" />,
  defective: <X aria-hidden className="text-defect" />,
  unknown: <CircleHelp aria-hidden className="text-ink-3" />,
} as const;

/** Thumbnails in as many columns as fit; only the rows in sight exist. */
export function ImageGrid({ rows, onNearEnd }: ImageGridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const size = useStageSize(scroller);
  const width = (size?.width ?? 600) - 8;
  const columns = Math.max(2, Math.floor((width + TILE_GAP) / (TILE_WIDTH + TILE_GAP)));
  const tile = (width - (columns - 1) * TILE_GAP) / columns;
  const rowHeight = tile + CAPTION_HEIGHT + TILE_GAP;
  const list = useVirtualList({
    count: Math.ceil(rows.length / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 3,
  });
  const items = list.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;

  useEffect(() => list.measure(), [list, rowHeight]);
  const nearEnd = useEffectEvent(onNearEnd);
  useEffect(() => {
    if ((last + 6) * columns >= rows.length) nearEnd();
  }, [last, columns, rows.length]);

  return (
    <div
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label="Thumbnails"
      className="h-[max(24rem,calc(100dvh-26rem))] overflow-y-auto"
    >
      <ul aria-label="Images" className="relative" style={{ height: list.getTotalSize() }}>
        {items.flatMap((item) =>
          rows.slice(item.index * columns, (item.index + 1) * columns).map((image, column) => (
            <li
              key={image.id}
              className="absolute top-0 left-0"
              style={{
                width: tile,
                transform: `translate(${column * (tile + TILE_GAP)}px, ${item.start}px)`,
              }}
            >
              <Tile image={image} size={tile} />
            </li>
          )),
        )}
      </ul>
    </div>
  );
}

function Tile({ image, size }: { readonly image: ImageView; readonly size: number }) {
  const what = showInvisible(
    image.label === "defective" ? (image.defectType ?? "defective") : image.label,
  );
  const name = showInvisible(image.fileName);
  return (
    <figure>
      {/* The server makes thumbnails itself; Next's optimiser would only get in the way. */}
      <img
        src={`/api/images/${image.id}/thumbnail`}
        alt={`${name}, ${showInvisible(image.category)}, ${what}`}
        loading="lazy"
        decoding="async"
        className="bg-stage w-full rounded-md object-contain"
        style={{ height: size }}
      />
      <figcaption className="mt-1 leading-tight">
        <p className="truncate text-sm font-medium" title={name}>
          {name}
        </p>
        <p className="text-ink-2 flex items-center gap-1 text-xs [&>svg]:size-3 [&>svg]:shrink-0">
          {LABEL_SIGN[image.label]}
          <span className="truncate">
            {what} · {image.split ?? "no split"}
            {image.maskId !== null && " · mask"}
          </span>
        </p>
      </figcaption>
    </figure>
  );
}
