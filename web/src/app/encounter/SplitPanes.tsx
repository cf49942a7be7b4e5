import { ActionIcon } from '@mantine/core';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import classes from './Encounter.module.css';
import { Separator } from './Separator';

const [RANGE, USUAL] = [{ least: 24, most: 60, step: 2 }, 38];

/** The width of the side in percent of the whole; kept while the app is open, as people set it once. */
let remembered = USUAL;

/** Two panes with a bar between them that is dragged, or moved by the arrow keys; one can be folded. */
export function SplitPanes({ side, main }: { side: ReactNode; main: ReactNode }) {
  const t = useTranslations('chart.encounter');
  const root = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(remembered);
  const [folded, setFolded] = useState(false);

  const resize = (percent: number) => {
    remembered = percent;
    setWidth(percent);
  };
  const valueAt = ({ clientX }: PointerEvent) => {
    const box = root.current?.getBoundingClientRect();
    return box ? ((clientX - box.left) / box.width) * 100 : width;
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
          <Separator
            className={classes.handle}
            label={t('resize')}
            orientation="vertical"
            value={width}
            range={RANGE}
            valueAt={valueAt}
            onMove={resize}
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
