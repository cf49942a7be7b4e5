import { type ComponentType, useEffect, useState } from 'react';
import { catalogues } from '@/lib/i18n/catalogues';

/** Shows a part that came by itself once its texts are here as well. */
export function withTexts<P extends object>(
  slice: string,
  Part: ComponentType<P>,
): ComponentType<P> {
  return function WithTexts(props: P) {
    const [ready, setReady] = useState(false);
    useEffect(() => {
      catalogues.load(slice).then(
        () => setReady(true),
        () => undefined,
      );
    }, []);
    return ready && <Part {...props} />;
  };
}
