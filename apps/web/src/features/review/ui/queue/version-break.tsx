import type { CaseRow } from "@loupe/contracts";

type VersionBreakProps = {
  readonly row: Pick<CaseRow, "modelVersionNumber">;
  readonly isRescoring: boolean;
  readonly top: number;
  readonly height: number;
};

/** Says from where on the cases stand on the scores of another model version than the active one. */
export function VersionBreak({ row, isRescoring, top, height }: VersionBreakProps) {
  return (
    // Each option says its version by itself, since a list box has options alone.
    <div
      role="presentation"
      className="border-line bg-sunken text-ink-2 absolute inset-x-0 top-0 flex items-center border-b px-3 text-xs font-medium"
      style={{ transform: `translateY(${top}px)`, height }}
    >
      Scored by version {row.modelVersionNumber}
      {isRescoring && ", being rescored"}
    </div>
  );
}
