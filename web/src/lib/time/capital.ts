/** A text that begins a line of its own: `lunes, 30 de noviembre` is `Lunes, 30 de noviembre` as a heading. */
export const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
