import type { ModelVersionView, ScoreCalibration } from "@loupe/contracts";

import { Card } from "../../../components/card.tsx";
import { DataTable, Td, Th } from "../../../components/data-table.tsx";
import { formatScore } from "../../../lib/format-score.ts";

/** What each category's good parts score: what colours and the order of the queue are held against. */
export function ScalesCard({ model }: { readonly model: ModelVersionView }) {
  const { calibration, categoryCalibrations } = model;
  return (
    <Card title="What good parts score" note="good training images, scores of this version">
      <DataTable label="Scores of good parts by category">
        <thead>
          <tr>
            <Th>Category</Th>
            <Th isNumber>Images</Th>
            <Th isNumber>Mean</Th>
            <Th isNumber>Deviation σ</Th>
            <Th isNumber>Colours from … to</Th>
          </tr>
        </thead>
        <tbody>
          {categoryCalibrations.map(({ category, ...own }) => (
            <Row key={category} name={category} calibration={own} />
          ))}
          <Row
            name={categoryCalibrations.length === 0 ? "all" : "all others"}
            calibration={calibration}
          />
        </tbody>
      </DataTable>
      <p className="text-ink-3 mt-2 text-xs">
        The queue is ordered by how many deviations a picture scores above the mean of its category.
      </p>
    </Card>
  );
}

type RowProps = { readonly name: string; readonly calibration: ScoreCalibration };

function Row({ name, calibration: { good, scale } }: RowProps) {
  return (
    <tr>
      <th scope="row" className="border-line border-b px-2.5 py-1.5 text-left font-normal">
        {name}
      </th>
      <Td isNumber>{good.images.toLocaleString("en")}</Td>
      <Td isNumber>{formatScore(good.mean)}</Td>
      <Td isNumber>{formatScore(good.deviation)}</Td>
      <Td isNumber>
        {formatScore(scale.min)} … {formatScore(scale.max)}
      </Td>
    </tr>
  );
}
