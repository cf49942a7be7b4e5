import { NotFound } from '@/ui/states/PageState';
import { OpenFrame } from './shells/OpenShell';

/** An address that no page has. */
export function Nowhere() {
  return (
    <OpenFrame>
      <NotFound />
    </OpenFrame>
  );
}
