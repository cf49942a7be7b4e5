import { type ComponentType, lazy, Suspense } from 'react';

export interface BadCallProps {
  visitId: string;
  /** The attempt that is, or was, bad. */
  attempt: string;
}

/** It comes when it is shown. Where it cannot be loaded, the call goes on without it. */
const BadCall = lazy<ComponentType<BadCallProps>>(() =>
  import('../mark/MarkWithTexts').catch(() => ({ default: () => null })),
);

/** The tap 'bad call'. */
export function LazyBadCall(props: BadCallProps) {
  return (
    <Suspense>
      <BadCall {...props} />
    </Suspense>
  );
}
