import { CloseButton } from '@mantine/core';
import { useEffect, useState, useSyncExternalStore } from 'react';
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
  // Whoever is reading it, or on the way to its button, is not hurried.
  const [held, setHeld] = useState(false);
  const hold = () => setHeld(true);
  const release = () => setHeld(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismissToast(toast.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast.id, held]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing to press, it only stays while it is read
    <div
      className={classes.toast}
      data-tone={toast.tone}
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocus={hold}
      onBlur={release}
    >
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
