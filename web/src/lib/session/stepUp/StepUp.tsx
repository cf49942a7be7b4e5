import { lazy, Suspense, useEffect, useState } from 'react';
import { onSignedOut, onStepUp } from '@/lib/api/client';
import { catalogues } from '@/lib/i18n/catalogues';

const StepUpDialog = lazy(async () => {
  const [dialog] = await Promise.all([
    import('./StepUpDialog'),
    catalogues.load('profile/step-up'),
  ]);
  return dialog;
});

/** Draws the dialog for the second factor in front of whatever page needs it. */
export function StepUp() {
  const [settle, setSettle] = useState<((shown: boolean) => void) | null>(null);
  useEffect(
    () =>
      onStepUp(
        () =>
          new Promise((resolve) => {
            setSettle(() => (shown: boolean) => {
              setSettle(null);
              resolve(shown);
            });
          }),
      ),
    [],
  );
  useEffect(() => onSignedOut(() => settle?.(false)), [settle]);
  if (!settle) return null;
  return (
    <Suspense>
      <StepUpDialog onProven={() => settle(true)} onClose={() => settle(false)} />
    </Suspense>
  );
}
