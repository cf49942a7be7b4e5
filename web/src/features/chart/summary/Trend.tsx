import { useTranslations } from 'use-intl';
import classes from './Summary.module.css';

const [WIDTH, HEIGHT, EDGE] = [84, 22, 3];

/** Points of a line through the values, oldest first, scaled to the box. */
function linePoints(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low || 1;
  const step = (WIDTH - 2 * EDGE) / Math.max(values.length - 1, 1);
  return values
    .map((value, place) => {
      const y = HEIGHT - EDGE - ((value - low) / span) * (HEIGHT - 2 * EDGE);
      return `${(EDGE + place * step).toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}

/** How a measurement went; `values` are newest first, as the API gives them. */
export function Trend({ values }: { values: readonly number[] }) {
  const t = useTranslations('chart.summary');
  if (values.length < 2) return <span className={classes.trend} aria-hidden="true" />;
  const points = linePoints([...values].reverse());
  const last = points.split(' ').at(-1)?.split(',') ?? [];
  return (
    <svg
      className={classes.trend}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={t('trend', {
        from: values.at(-1) ?? 0,
        to: values[0] ?? 0,
        count: values.length,
      })}
    >
      <polyline points={points} fill="none" />
      <circle cx={last[0]} cy={last[1]} r="2.4" />
    </svg>
  );
}
