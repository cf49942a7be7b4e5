import { useErrorText } from './useErrorText';

interface ErrorTextProps {
  code: string;
  params?: Record<string, string | number>;
}

/**
 * The text of an error code in the reader's language. It is an element, not a string, so that an
 * error already on screen changes with the language.
 */
export function ErrorText({ code, params }: ErrorTextProps) {
  return <>{useErrorText()(code, params)}</>;
}
