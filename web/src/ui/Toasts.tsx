import { CloseButton } from '@mantine/core';
import { useEffect, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import classes from './Toasts.module.css';
import { dismissToast, type Toast, toastStore } from './toast';

/** Long enough to read and to reach 'Undo' by keyboard. */
const SHOWN_MS = 8_000;

export function Toasts() {
  const toasts = useSyncExternalStore(toastStore.subscribe, toastStore.snapshot);
  return (
    <div className={classes.toasts} role="status" aria-live="polite">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const t = useTranslations('actions');
  useEffect(() => {
    const timer = setTimeout(() => dismissToast(toast.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast.id]);
  return (
    <div className={classes.toast} data-tone={toast.tone}>
      <span className={classes.text}>{toast.text}</span>
      {toast.action && (
        <button
          type="button"
          className={classes.action}
          onClick={() => {
            dismissToast(toast.id);
            toast.action?.run();
          }}
        >
          {toast.action.label}
        </button>
      )}
      <CloseButton
        variant="transparent"
        c="inherit"
        aria-label={t('dismiss')}
        onClick={() => dismissToast(toast.id)}
      />
    </div>
  );
}
