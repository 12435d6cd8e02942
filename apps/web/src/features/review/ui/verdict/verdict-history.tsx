"use client";

import type { CaseView } from "@loupe/contracts";

import { Avatar } from "../../../../components/avatar.tsx";
import { cn } from "../../../../lib/cn.ts";
import { formatTimeAgo } from "../../../../lib/format-time-ago.ts";
import { useNow } from "../../../../lib/use-now.ts";
import { VERDICT_COPY } from "./verdict-copy.tsx";

/** Every verdict on the case, newest first. None is ever changed or removed. */
export function VerdictHistory({ view }: { readonly view: CaseView }) {
  const nowMs = useNow();
  const verdicts = [...view.verdicts].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  return (
    <section aria-label="History" className="p-3.5">
      <h3 className="text-ink-3 mb-2 text-xs font-semibold tracking-wide uppercase">History</h3>
      {verdicts.length === 0 ? (
        <p className="text-ink-2 text-sm">No verdict yet.</p>
      ) : (
        <ol aria-live="polite" aria-relevant="additions" className="grid gap-2.5">
          {verdicts.map(
            ({
              id,
              author,
              value,
              defectType,
              note,
              modelVersionNumber,
              createdAt,
              overturnReason,
              withdrawnAt,
            }) => {
              const { past, colour, icon } = VERDICT_COPY[value];
              return (
                <li key={id} className="grid grid-cols-[26px_minmax(0,1fr)] gap-2 text-sm">
                  <span aria-hidden>
                    <Avatar id={author.id} name={author.name} site={author.site} />
                  </span>
                  <div>
                    <p>
                      <b className="font-semibold">{author.name}</b>{" "}
                      <span
                        className={cn(
                          "inline-flex items-center gap-0.5 font-semibold [&>svg]:size-3",
                          withdrawnAt === null ? colour : "text-ink-3 line-through",
                        )}
                      >
                        {icon}
                        {past}
                      </span>
                      {defectType !== null && ` · ${defectType}`}
                      {withdrawnAt !== null && " · withdrawn"}
                    </p>
                    {overturnReason !== null && (
                      <p className="text-ink-2 break-words">Overturned: {overturnReason}</p>
                    )}
                    {note !== "" && <p className="text-ink-2 break-words">{note}</p>}
                    <p className="num text-ink-3 text-xs">
                      <time dateTime={createdAt.toISOString()} title={createdAt.toLocaleString()}>
                        {formatTimeAgo(createdAt, nowMs)}
                      </time>{" "}
                      {author.site !== null && `· ${author.site} `}· saw version{" "}
                      {modelVersionNumber}
                    </p>
                  </div>
                </li>
              );
            },
          )}
        </ol>
      )}
    </section>
  );
}
