import { ActionIcon } from '@mantine/core';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import classes from './Encounter.module.css';

const [LEAST, MOST, STEP, USUAL] = [24, 60, 2, 38];

/** The width of the side in percent of the whole; kept while the app is open, as people set it once. */
let remembered = USUAL;

const within = (percent: number) => Math.min(MOST, Math.max(LEAST, percent));

/** Two panes with a bar between them that is dragged, or moved by the arrow keys; one can be folded. */
export function SplitPanes({ side, main }: { side: ReactNode; main: ReactNode }) {
  const t = useTranslations('chart.encounter');
  const root = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(remembered);
  const [folded, setFolded] = useState(false);

  const resize = (percent: number) => {
    remembered = within(percent);
    setWidth(remembered);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const box = root.current?.getBoundingClientRect();
    if (!box || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    resize(((event.clientX - box.left) / box.width) * 100);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowLeft: width - STEP,
      ArrowRight: width + STEP,
      Home: LEAST,
      End: MOST,
    };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    resize(next);
  };

  return (
    <div
      ref={root}
      className={classes.panes}
      data-folded={folded}
      style={{ '--side': `${width}%` } as React.CSSProperties}
    >
      <div className={classes.side} hidden={folded}>
        {side}
      </div>
      <div className={classes.bar}>
        {!folded && (
          // biome-ignore lint/a11y/useSemanticElements: a separator that is moved is a widget; <hr> is none
          <div
            className={classes.handle}
            role="separator"
            tabIndex={0}
            aria-label={t('resize')}
            aria-orientation="vertical"
            aria-valuemin={LEAST}
            aria-valuemax={MOST}
            aria-valuenow={Math.round(width)}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={onPointerMove}
            onKeyDown={onKeyDown}
          />
        )}
        <ActionIcon
          className={classes.fold}
          variant="default"
          size="sm"
          radius="xl"
          aria-label={folded ? t('showSide') : t('hideSide')}
          aria-expanded={!folded}
          onClick={() => setFolded(!folded)}
        >
          {folded ? (
            <IconLayoutSidebarLeftExpand size={14} aria-hidden />
          ) : (
            <IconLayoutSidebarLeftCollapse size={14} aria-hidden />
          )}
        </ActionIcon>
      </div>
      <div className={classes.main}>{main}</div>
    </div>
  );
}
