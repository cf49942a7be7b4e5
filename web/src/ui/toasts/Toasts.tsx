import { CloseButton } from '@mantine/core';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import classes from './Toasts.module.css';
import { dismissToast, type Toast, toastStore } from './toast';

/** Long enough to read and to reach 'Undo' by keyboard. */
const SHOWN_MS = 8_000;

/**
 * Stands at the foot of the window and makes the page that much shorter, so that it covers nothing:
 * what is fixed or sticks to the bottom stands above `--ct-dock`, the rest scrolls clear of it.
 */
export function Toasts() {
  const toasts = useSyncExternalStore(toastStore.subscribe, toastStore.snapshot);
  const dock = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = dock;
    if (!current) return;
    const root = document.documentElement.style;
    const measured = new ResizeObserver(() => {
      root.setProperty('--ct-dock', `${current.offsetHeight}px`);
    });
    measured.observe(current);
    return () => {
      measured.disconnect();
      root.removeProperty('--ct-dock');
    };
  }, []);
  return (
    <div ref={dock} className={classes.toasts} role="status" aria-live="polite">
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
      data-toast
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
