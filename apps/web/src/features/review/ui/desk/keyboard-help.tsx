"use client";

import { Dialog, DialogBody } from "../../../../components/dialog.tsx";
import { Kbd } from "../../../../components/kbd.tsx";

const KEYS = [
  [["J", "K"], "Next and previous case"],
  [["1"], "Good"],
  [["2"], "Defective, then its type"],
  [["3"], "Unsure"],
  [["Enter"], "Confirm the defect type"],
  [["Esc"], "Leave the defect type for the other keys"],
  [["U"], "Take your last verdict back, for ten seconds"],
  [["H"], "Heatmap on or off"],
  [["[", "]"], "Heatmap weaker or stronger"],
  [["G"], "Ground truth"],
  [["+", "−", "0"], "Zoom in, out, fit"],
  [["?"], "This list"],
] as const;

type KeyboardHelpProps = {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly areKeysOn: boolean;
  readonly onKeysOn: (areKeysOn: boolean) => void;
};

/** All keys of the review, and the switch that turns them off. */
export function KeyboardHelp({ isOpen, onOpenChange, areKeysOn, onKeysOn }: KeyboardHelpProps) {
  return (
    <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title="Keys" className="max-w-sm">
      <DialogBody>
        <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-1.5">
          {KEYS.map(([keys, what]) => (
            <div key={what} className="contents">
              <dt className="flex gap-1">
                <span className="sr-only">{keys.join(", ")}</span>
                {keys.map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <label className="border-line flex items-center gap-2 border-t pt-3">
          <input
            type="checkbox"
            checked={areKeysOn}
            onChange={(event) => onKeysOn(event.target.checked)}
          />
          Single keys act. Turn this off for speech input.
        </label>
      </DialogBody>
    </Dialog>
  );
}
