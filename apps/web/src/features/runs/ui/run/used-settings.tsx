import { METHODS, METHOD_NAMES, PRESET_NAMES } from "@loupe/model/catalog";

import { Card } from "../../../../components/card.tsx";
import { cn } from "../../../../lib/cn.ts";
import { formatCount } from "../../../../lib/format-count.ts";
import { listUsedSettings } from "../settings/list-settings.ts";
import type { SettingsTree } from "../settings/setting-edits.ts";

type UsedSettingsProps = {
  readonly method: string;
  readonly preset: string;
  readonly settings: SettingsTree;
};

/** Every setting that was used; those that differ from the preset first in sight. */
export function UsedSettings({ method, preset, settings }: UsedSettingsProps) {
  const listed = listUsedSettings({ method, preset, settings });
  const changed = listed.filter(({ presetValue }) => presetValue !== null);
  const same = listed.filter(({ presetValue }) => presetValue === null);
  return (
    <Card
      title="Settings"
      note={
        changed.length === 0
          ? `preset “${presetTitle(method, preset)}”, nothing changed`
          : `preset “${presetTitle(method, preset)}”, ${changed.length} changed`
      }
    >
      {changed.length > 0 && (
        <dl aria-label="Changed settings" className="num mb-2 grid gap-1 text-sm">
          {changed.map(({ path, label, value, presetValue }) => (
            <Row key={path} label={label} isChanged>
              <span className="text-ink-3 mr-1.5 line-through" aria-label={`preset ${presetValue}`}>
                {presetValue}
              </span>
              <span className="font-semibold">{value}</span>
            </Row>
          ))}
        </dl>
      )}
      <details>
        <summary className="text-ink-2 cursor-pointer text-sm">
          {formatCount(same.length, "setting")} as in the preset
        </summary>
        <dl className="num mt-1.5 grid gap-1 text-sm">
          {same.map(({ path, label, value }) => (
            <Row key={path} label={label}>
              {value}
            </Row>
          ))}
        </dl>
      </details>
    </Card>
  );
}

type RowProps = {
  readonly label: string;
  readonly isChanged?: boolean;
  readonly children: React.ReactNode;
};

function Row({ label, isChanged = false, children }: RowProps) {
  return (
    <div
      className={cn(
        "flex justify-between gap-4",
        isChanged && "border-accent -ml-2 border-l-2 pl-1.5",
      )}
    >
      <dt className="text-ink-2">{label}</dt>
      <dd className="min-w-0 text-right break-words">{children}</dd>
    </div>
  );
}

/** The title of a method's preset; its name when this page is older than either. */
export function presetTitle(method: string, preset: string): string {
  const knownMethod = METHOD_NAMES.find((name) => name === method);
  const knownPreset = PRESET_NAMES.find((name) => name === preset);
  return knownMethod && knownPreset ? METHODS[knownMethod].presets[knownPreset].title : preset;
}
