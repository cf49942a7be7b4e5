/** The mark: a thread that makes one knot. Beside the name it is decoration only. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="9" fill="var(--mantine-color-ink-7)" />
      <path
        d="M16 0v8c0 4.500-7 3.500-7 8s5 5.500 7 3.500 7-4.500 7 .5-7 3-7 7.500V32"
        fill="none"
        stroke="var(--ct-paper)"
        strokeWidth="2.500"
        strokeLinecap="round"
      />
      <circle cx="16" cy="16.400" r="3.200" fill="var(--mantine-color-ochre-3)" />
    </svg>
  );
}
