import { lazy, Suspense } from 'react';
import { arriving } from '@/lib/routing/notLoaded';
import type { Intake } from '../model';
import { AskStep } from '../steps/AskStep';
import { ConsentStep } from '../steps/ConsentStep';
import { ContactStep } from '../steps/ContactStep';
import { EntriesStep } from '../steps/EntriesStep';
import { IdentityStep } from '../steps/IdentityStep';
import { LocationStep } from '../steps/LocationStep';
import { PharmacyStep } from '../steps/PharmacyStep';
import { QuestionsStep } from '../steps/QuestionsStep';
import { ReviewStep } from '../steps/ReviewStep';
import type { Step } from './steps';
import type { FlowState } from './useFlow';

/** Only for children. */
const AdultStep = lazy(arriving(() => import('../steps/AdultStep')));

interface StepBodyProps {
  intake: Intake;
  flow: FlowState;
  titleOf: (step: Step) => string;
}

/** What stands on the screen of a step. */
export function StepBody({ intake, flow, titleOf }: StepBodyProps) {
  const { step, steps } = flow;
  if (step.group) return <QuestionsStep group={step.group} />;
  if (step.asks) return <AskStep asks={step.asks} />;
  switch (step.id) {
    case 'identity':
      return <IdentityStep person={intake.person} />;
    case 'adult':
      return (
        <Suspense>
          <AdultStep intake={intake} />
        </Suspense>
      );
    case 'location':
      return <LocationStep home={intake.home} />;
    case 'contact':
      return <ContactStep />;
    case 'allergies':
    case 'medicines':
      return <EntriesStep kind={step.id} />;
    case 'pharmacy':
      return <PharmacyStep />;
    case 'consent':
      return <ConsentStep visitId={intake.visit_id} />;
    default:
      return (
        <ReviewStep
          known={intake.adults ?? []}
          steps={steps}
          titleOf={titleOf}
          faulty={flow.faulty}
          onEdit={(target) => flow.goTo(steps.indexOf(target))}
        />
      );
  }
}
