"use client";

import type { CaseId, CaseView, VerdictValue } from "@loupe/contracts";
import { useLayoutEffect, useRef, useState } from "react";

import type { ImageCanvasHandle } from "../../../../components/image-canvas/image-canvas.tsx";
import { useHotkeys } from "../../../../lib/use-hotkeys.ts";
import { useCan } from "../../../projects/index.ts";
import { CasePanel } from "../case/case-panel.tsx";
import { CaseViewer } from "../case/case-viewer.tsx";
import type { ViewerSettings } from "../case/viewer-settings.ts";
import { isSeen } from "./desk.ts";
import { KeyboardHelp } from "./keyboard-help.tsx";
import { mayKeyDecide } from "./may-key-decide.ts";
import { OverturnDialog } from "../verdict/overturn-dialog.tsx";
import type { DeskStore } from "./desk-store.ts";
import { useDeskSnapshot } from "./use-desk.ts";
import { useCaseVerdict } from "../verdict/use-case-verdict.ts";
import { useKeysOn } from "./use-keys-on.ts";
import { ZOOM_STEP } from "../case/viewer-strip.tsx";

type OpenCaseProps = {
  readonly view: CaseView;
  readonly desk: DeskStore;
  /** False when the case has left the queue beside it. */
  readonly isListed: boolean;
};

const OPACITY_STEP = 0.1;

/** A case on the desk: viewer and panel, and the keys that act on both. */
export function OpenCase({ view, desk, isListed }: OpenCaseProps) {
  const canvas = useRef<ImageCanvasHandle>(null);
  const mayDecide = useCan("case:decide");
  const [areKeysOn, setAreKeysOn] = useKeysOn();
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const [isHeatmapShown, setIsHeatmapShown] = useState(true);
  const [opacity, setOpacity] = useState(0.65);
  // Truth is asked for image by image: knowing it beforehand would bend the verdict.
  const [truthOf, setTruthOf] = useState<CaseId | null>(null);
  const isTruthShown = truthOf === view.id;

  // The picture says itself when it is drawn; panel and picture leave the screen together.
  useLayoutEffect(() => () => desk.erase(view.id), [desk, view.id]);
  const isPictureSeen = isSeen(useDeskSnapshot(desk).desk, view.id);
  const verdict = useCaseVerdict(view, desk);
  const decideByKey = (value: VerdictValue) => {
    if (mayKeyDecide(view, isListed)) verdict.choose(value);
    else desk.say(`${view.fileName} is not in this list: nothing was decided. Use the buttons.`);
  };

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
        "1": () => decideByKey("good"),
        "2": () => decideByKey("defective"),
        "3": () => decideByKey("unsure"),
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
        isSeen={isPictureSeen}
        onDrawn={() => desk.draw(view.id)}
        onScrolled={(isInWindow) => desk.scroll(view.id, isInWindow)}
      />
      <CasePanel
        view={view}
        verdict={verdict}
        isListed={isListed}
        isTruthShown={isTruthShown}
        onToggleTruth={() => change({ isTruthShown: !isTruthShown })}
        onHelp={() => setIsHelpOpen(true)}
      />
      <OverturnDialog view={view} verdict={verdict} />
      <KeyboardHelp
        isOpen={isHelpOpen}
        onOpenChange={setIsHelpOpen}
        areKeysOn={areKeysOn}
        onKeysOn={setAreKeysOn}
      />
    </div>
  );
}
