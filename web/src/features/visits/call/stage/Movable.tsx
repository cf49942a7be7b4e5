import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import classes from './Stage.module.css';

type Corner = readonly [vertical: 'top' | 'bottom', horizontal: 'left' | 'right'];

/** A small picture in a corner of the stage; dragged, or moved by the arrow keys, to another one. */
export function Movable({ children }: { children: ReactNode }) {
  const t = useTranslations('visits/call.picture');
  const [[vertical, horizontal], setCorner] = useState<Corner>(['bottom', 'right']);
  const from = useRef<{ x: number; y: number } | null>(null);

  const start = (event: PointerEvent<HTMLButtonElement>) => {
    from.current = { x: event.clientX, y: event.clientY };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = ({ currentTarget, clientX, clientY }: PointerEvent<HTMLButtonElement>) => {
    if (!from.current) return;
    const { x, y } = from.current;
    currentTarget.style.setProperty('translate', `${clientX - x}px ${clientY - y}px`);
  };
  const drop = ({ currentTarget, clientX, clientY }: PointerEvent<HTMLButtonElement>) => {
    const stage = currentTarget.parentElement?.getBoundingClientRect();
    currentTarget.style.removeProperty('translate');
    const begun = from.current;
    from.current = null;
    if (!stage || !begun || Math.hypot(clientX - begun.x, clientY - begun.y) < 8) return;
    setCorner([
      clientY < stage.top + stage.height / 2 ? 'top' : 'bottom',
      clientX < stage.left + stage.width / 2 ? 'left' : 'right',
    ]);
  };
  const key = (event: KeyboardEvent) => {
    const corners: Record<string, Corner> = {
      ArrowUp: ['top', horizontal],
      ArrowDown: ['bottom', horizontal],
      ArrowLeft: [vertical, 'left'],
      ArrowRight: [vertical, 'right'],
    };
    const corner = corners[event.key];
    if (!corner) return;
    event.preventDefault();
    setCorner(corner);
  };

  return (
    <button
      type="button"
      className={classes.movable}
      data-vertical={vertical}
      data-horizontal={horizontal}
      aria-label={t('mine')}
      onPointerDown={start}
      onPointerMove={move}
      onPointerUp={drop}
      onPointerCancel={drop}
      onKeyDown={key}
    >
      {children}
    </button>
  );
}
