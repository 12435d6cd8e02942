import { type CategoryCount, showInvisible } from "@loupe/contracts";

import { Card } from "../../../components/card.tsx";
import { DataTable, Td, Th } from "../../../components/data-table.tsx";
import { ErrorState } from "../../../components/error-state.tsx";
import { LoadingRows } from "../../../components/skeleton.tsx";

const COLUMNS = [
  ["trainGood", "Train good"],
  ["testGood", "Test good"],
  ["testDefective", "Test defective"],
  ["masks", "Masks"],
  ["unassigned", "In no split"],
] as const satisfies readonly (readonly [keyof CategoryCount, string])[];

type CategoryTableProps = {
  readonly counts: {
    readonly data: CategoryCount[] | undefined;
    readonly isPending: boolean;
    readonly isError: boolean;
    readonly error: unknown;
    readonly refetch: () => unknown;
  };
};

/** How many images each category has, by split and label. */
export function CategoryTable({ counts }: CategoryTableProps) {
  return (
    <Card title="Categories">
      {counts.isPending && <LoadingRows rows={3} />}
      {counts.isError && (
        <ErrorState error={counts.error} onRetry={() => void counts.refetch()} className="py-4" />
      )}
      {counts.data?.length === 0 && (
        <p className="text-ink-2 text-sm">
          Categories appear with the first import: one folder of pictures each.
        </p>
      )}
      {counts.data && counts.data.length > 0 && (
        <div className="max-h-64 overflow-y-auto">
          <DataTable label="Images by category">
            <thead>
              <tr>
                <Th>Category</Th>
                {COLUMNS.map(([key, title]) => (
                  <Th key={key} isNumber>
                    {title}
                  </Th>
                ))}
              </tr>
            </thead>
            <tbody>
              {counts.data.map((row) => (
                <tr key={row.category}>
                  <th
                    scope="row"
                    className="border-line border-b px-2.5 py-1.5 text-left font-medium"
                  >
                    {showInvisible(row.category)}
                  </th>
                  {COLUMNS.map(([key]) => (
                    <Td key={key} isNumber className={row[key] === 0 ? "text-ink-3" : undefined}>
                      {row[key].toLocaleString("en")}
                    </Td>
                  ))}
                </tr>
              ))}
            </tbody>
          </DataTable>
        </div>
      )}
    </Card>
  );
}
