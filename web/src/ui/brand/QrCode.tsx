import classes from './QrCode.module.css';

interface QrCodeProps {
  /** Modules along a side, margin included. */
  size: number;
  /** The dark modules, as the data of an SVG path. */
  path: string;
  label: string;
}

/** A QR code, dark on white whatever the page looks like: cameras want it so. */
export function QrCode({ size, path, label }: QrCodeProps) {
  return (
    <svg
      className={classes.code}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <path d={path} fill="#000" />
    </svg>
  );
}
