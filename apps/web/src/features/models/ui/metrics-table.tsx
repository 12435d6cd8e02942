import type { CategoryMetrics, EvaluationView, BaselineView } from "@loupe/contracts";

import { DataTable, Td, Th } from "../../../components/data-table.tsx";
import { formatAuroc } from "./format-auroc.ts";

type MetricsTableProps = {
  readonly evaluation: EvaluationView;
  /**
   * What the nearest neighbour does on the same images; null where nobody has measured it, and
   * for the nearest neighbour itself.
   */
  readonly baseline: BaselineView | null;
};

/** Image- and pixel-level AUROC of each category and their mean, beside the baseline's. */
export function MetricsTable({ evaluation, baseline }: MetricsTableProps) {
  const bank = new Map(baseline?.categories.map((row) => [row.category, row]));
  const images = evaluation.categories.reduce((sum, row) => sum + row.images, 0);
  const defective = evaluation.categories.reduce((sum, row) => sum + row.defectiveImages, 0);
  return (
    <>
      <DataTable label="Metrics by category">
        <thead>
          <tr>
            <Th>Category</Th>
            <Th isNumber>Image AUROC</Th>
            <Th isNumber>Pixel AUROC</Th>
            {baseline && <Th isNumber>Baseline</Th>}
            <Th isNumber>Images</Th>
            <Th isNumber>Defective</Th>
          </tr>
        </thead>
        <tbody>
          {evaluation.categories.map((row) => (
            <tr key={row.category}>
              <th scope="row" className="border-line border-b px-2.5 py-1.5 text-left font-normal">
                {row.category}
              </th>
              <Td isNumber>{formatAuroc(row.imageAuroc)}</Td>
              <Td isNumber>{formatAuroc(row.pixelAuroc)}</Td>
              {baseline && (
                <Td isNumber className="text-ink-2">
                  {formatPair(bank.get(row.category))}
                </Td>
              )}
              <Td isNumber>{row.images.toLocaleString("en")}</Td>
              <Td isNumber>{row.defectiveImages.toLocaleString("en")}</Td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="font-semibold">
            <th scope="row" className="px-2.5 py-1.5 text-left">
              mean
            </th>
            <Td isNumber className="border-0">
              {formatAuroc(evaluation.meanImageAuroc)}
            </Td>
            <Td isNumber className="border-0">
              {formatAuroc(evaluation.meanPixelAuroc)}
            </Td>
            {baseline && (
              <Td isNumber className="text-ink-2 border-0">
                {formatAuroc(baseline.meanImageAuroc)} / {formatAuroc(baseline.meanPixelAuroc)}
              </Td>
            )}
            <Td isNumber className="border-0">
              {images.toLocaleString("en")}
            </Td>
            <Td isNumber className="border-0">
              {defective.toLocaleString("en")}
            </Td>
          </tr>
        </tfoot>
      </DataTable>
      {evaluation.categories.some((row) => row.imageAuroc === null || row.pixelAuroc === null) && (
        <p className="text-ink-3 mt-2 text-xs">
          A dash: not defined there, for want of good or of defective images, or of masks.
        </p>
      )}
    </>
  );
}

function formatPair(row: CategoryMetrics | undefined): string {
  if (row === undefined) return "–";
  return `${formatAuroc(row.imageAuroc)} / ${formatAuroc(row.pixelAuroc)}`;
}
