import type { KeyboardEvent, PointerEvent } from 'react';

interface SeparatorProps {
  className: string | undefined;
  label: string;
  /** Of the bar itself: a vertical one moves to the left and right. */
  orientation: 'vertical' | 'horizontal';
  value: number;
  range: Readonly<{ least: number; most: number; step: number }>;
  /** The value where the pointer is. */
  valueAt: (pointer: PointerEvent) => number;
  onMove: (value: number) => void;
}

/** A bar that is dragged, or moved by the arrow keys, to change the size of what is beside it. */
export function Separator(props: SeparatorProps) {
  const { orientation, value, onMove } = props;
  const { least, most, step } = props.range;
  const [back, forth] =
    orientation === 'vertical' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  const moveTo = (next: number) => onMove(Math.min(most, Math.max(least, next)));
  const drag = (event: PointerEvent) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) moveTo(props.valueAt(event));
  };
  const press = (event: KeyboardEvent) => {
    const moves = { [back]: value - step, [forth]: value + step, Home: least, End: most };
    const next = moves[event.key as keyof typeof moves];
    if (next === undefined) return;
    event.preventDefault();
    moveTo(next);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that is moved is a widget; <hr> is none
    <div
      className={props.className}
      role="separator"
      tabIndex={0}
      aria-label={props.label}
      aria-orientation={orientation}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={Math.round(value)}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={press}
    />
  );
}
