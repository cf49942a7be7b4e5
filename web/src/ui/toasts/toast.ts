/** A word at the edge of the screen, with at most one thing to do about it. */
export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'danger';
  action?: { label: string; run: () => unknown };
}

type Listener = () => void;
const listeners = new Set<Listener>();
let toasts: readonly Toast[] = [];
let lastId = 0;

function publish(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export const toastStore = {
  snapshot: () => toasts,
  subscribe(listener: Listener): Listener {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Shows a toast; the newest is last, and no more than three stay. */
export function showToast(toast: Omit<Toast, 'id' | 'tone'> & { tone?: Toast['tone'] }): void {
  lastId += 1;
  publish([...toasts, { tone: 'plain' as const, ...toast, id: lastId }].slice(-3));
}

export function dismissToast(id: number): void {
  publish(toasts.filter((toast) => toast.id !== id));
}
