import type { ReactNode } from "react";

type PageHeaderProps = {
  readonly title: ReactNode;
  /** The way up, above the title. */
  readonly trail?: ReactNode;
  readonly facts?: ReactNode;
  readonly actions?: ReactNode;
};

/** The head of a page: where we are, what it is, what can be done. */
export function PageHeader({ title, trail, facts, actions }: PageHeaderProps) {
  return (
    <header className="flex flex-wrap items-center gap-x-3.5 gap-y-2 px-5.5 pt-4 pb-3">
      <div className="min-w-0">
        {trail !== undefined && <p className="text-ink-3 text-sm">{trail}</p>}
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
      </div>
      {facts !== undefined && <div className="flex flex-wrap items-center gap-2">{facts}</div>}
      {actions !== undefined && <div className="ml-auto flex items-center gap-2">{actions}</div>}
    </header>
  );
}
