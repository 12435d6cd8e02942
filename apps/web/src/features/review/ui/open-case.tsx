"use client";

import type { CaseId, CaseRow, CaseView } from "@loupe/contracts";
import { useLayoutEffect, useRef, useState } from "react";

import type { ImageCanvasHandle } from "../../../components/image-canvas/image-canvas.tsx";
import { useHotkeys } from "../../../lib/use-hotkeys.ts";
import { useCan } from "../../projects/index.ts";
import { CasePanel } from "./case-panel.tsx";
import { CaseViewer, type ViewerSettings } from "./case-viewer.tsx";
import { KeyboardHelp } from "./keyboard-help.tsx";
import { nextUndecided } from "./queue-order.ts";
import { useCaseVerdict } from "./use-case-verdict.ts";
import { useKeysOn } from "./use-keys-on.ts";
import { useJournalEntries } from "./verdict-journal-provider.tsx";
import { ZOOM_STEP } from "./viewer-strip.tsx";

type OpenCaseProps = {
  readonly view: CaseView;
  readonly rows: readonly CaseRow[];
  readonly onSelect: (id: CaseId) => void;
  readonly onMove: (step: 1 | -1) => void;
};

const OPACITY_STEP = 0.1;

/** A case on the desk: viewer and panel, and the keys that act on both. */
export function OpenCase({ view, rows, onSelect, onMove }: OpenCaseProps) {
  const canvas = useRef<ImageCanvasHandle>(null);
  const mayDecide = useCan("case:decide");
  const entries = useJournalEntries();
  const [areKeysOn, setAreKeysOn] = useKeysOn();
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const [isHeatmapShown, setIsHeatmapShown] = useState(true);
  const [opacity, setOpacity] = useState(0.65);
  // Truth is asked for image by image: knowing it beforehand would bend the verdict.
  const [truthOf, setTruthOf] = useState<CaseId | null>(null);
  const isTruthShown = truthOf === view.id;

  const shown = useRef(view.id);
  useLayoutEffect(() => {
    shown.current = view.id;
  }, [view.id]);
  const verdict = useCaseVerdict(view, (outcome) => {
    // Whoever has gone on meanwhile stays where they are: their next key is about what they see.
    if (outcome === "refused" || shown.current !== view.id) return;
    const onTheirWay = new Set(entries.map((entry) => entry.input.caseId));
    const next = nextUndecided(rows, view.id, onTheirWay);
    if (next !== null) onSelect(next);
  });

  const change = (settings: Partial<ViewerSettings>) => {
    if (settings.isHeatmapShown !== undefined) setIsHeatmapShown(settings.isHeatmapShown);
    if (settings.isTruthShown !== undefined) setTruthOf(settings.isTruthShown ? view.id : null);
    if (settings.opacity !== undefined) {
      setOpacity(Math.min(1, Math.max(0, Math.round(settings.opacity * 100) / 100)));
    }
  };
  const zoomBy = (factor: number) => canvas.current?.zoomBy(factor);
  const fit = () => canvas.current?.fit();

  const zoomIn = () => zoomBy(ZOOM_STEP);
  const zoomOut = () => zoomBy(1 / ZOOM_STEP);
  useHotkeys(
    {
      j: () => onMove(1),
      k: () => onMove(-1),
      h: () => change({ isHeatmapShown: !isHeatmapShown }),
      g: () => change({ isTruthShown: !isTruthShown }),
      "[": () => change({ opacity: opacity - OPACITY_STEP, isHeatmapShown: true }),
      "]": () => change({ opacity: opacity + OPACITY_STEP, isHeatmapShown: true }),
      "+": zoomIn,
      "=": zoomIn,
      "-": zoomOut,
      "0": fit,
      "?": () => setIsHelpOpen(true),
      ...(mayDecide && {
        "1": () => verdict.choose("good"),
        "2": () => verdict.choose("defective"),
        "3": () => verdict.choose("unsure"),
        enter: verdict.confirm,
      }),
    },
    areKeysOn,
  );

  return (
    <div className="grid min-h-0 grid-rows-[60dvh_auto] md:grid-cols-[minmax(0,1fr)_288px] md:grid-rows-[minmax(0,1fr)] xl:grid-cols-[minmax(0,1fr)_332px]">
      <CaseViewer
        view={view}
        settings={{ isHeatmapShown, opacity, isTruthShown }}
        onSettings={change}
        canvas={canvas}
        onZoomBy={zoomBy}
        onFit={fit}
      />
      <CasePanel
        view={view}
        verdict={verdict}
        isTruthShown={isTruthShown}
        onToggleTruth={() => change({ isTruthShown: !isTruthShown })}
        onHelp={() => setIsHelpOpen(true)}
      />
      <KeyboardHelp
        isOpen={isHelpOpen}
        onOpenChange={setIsHelpOpen}
        areKeysOn={areKeysOn}
        onKeysOn={setAreKeysOn}
      />
    </div>
  );
}
