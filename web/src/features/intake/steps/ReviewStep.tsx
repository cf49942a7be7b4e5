import { Button } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { readablePhone } from '@/lib/phone';
import { STATES } from '@/lib/states';
import type { Step } from '../flow/steps';
import { useIntakeForm } from '../form';
import { inWords } from '../inWords';
import type { Intake } from '../model';
import { enabled } from '../rules/questionnaire';
import { askPath } from '../rules/redFlags';
import classes from './Steps.module.css';

interface ReviewStepProps {
  /** The adults whom the clinic knows beside a child. */
  known: NonNullable<Intake['adults']>;
  steps: readonly Step[];
  titleOf: (step: Step) => string;
  /** Steps in which something is missing or wrong. */
  faulty: ReadonlySet<string>;
  onEdit: (step: Step) => void;
}

type Line = [label: string, value: string];

/** Everything once more before it is sent, each part with a way back to it. */
export function ReviewStep({ known, steps, titleOf, faulty, onEdit }: ReviewStepProps) {
  const t = useTranslations('intake.review');
  const linesOf = useLines(known);
  return (
    <div className={classes.review}>
      {steps
        .filter((step) => step.id !== 'review')
        .map((step) => (
          <section key={step.id} className={classes.reviewed}>
            <div className={classes.reviewedHead}>
              <h2>{titleOf(step)}</h2>
              <Button variant="subtle" size="compact-sm" onClick={() => onEdit(step)}>
                {t('change')}
                <span className="visually-hidden"> {titleOf(step)}</span>
              </Button>
            </div>
            {faulty.has(step.id) && (
              <p className={classes.missing} tabIndex={-1} data-missing>
                {t('missing')}
              </p>
            )}
            <dl className={classes.answers}>
              {linesOf(step)
                .filter(([, value]) => value)
                .map(([label, value]) => (
                  <div key={label}>
                    <dt>{label}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
    </div>
  );
}

function useLines(known: NonNullable<Intake['adults']>): (step: Step) => Line[] {
  const t = useTranslations('intake');
  const { draft, questionnaire, language } = useIntakeForm();
  const words = { yes: t('answer.yes'), no: t('answer.no') };
  const asked = new Set(enabled(questionnaire, draft.answers));
  const { location, contact, identity, pharmacy, consent } = draft;

  return (step) => {
    if (step.group) {
      return step.group.children
        .filter((item) => asked.has(item) && !item.hidden)
        .map((item) => [
          item.text[language],
          inWords(item, draft.answers[item.linkId], language, words),
        ]);
    }
    if (step.asks) {
      return step.asks.map((rule) => {
        const answer = draft.answers[askPath(rule)];
        return [rule.ask[language], answer === undefined ? '' : answer ? words.yes : words.no];
      });
    }
    switch (step.id) {
      case 'identity':
        return [
          [
            t('identity.question'),
            identity.confirmed && (identity.confirmed === 'yes' ? words.yes : identity.note),
          ],
        ];
      case 'adult': {
        const chosen = known.find(({ relation_id }) => relation_id === draft.adult.relation_id);
        return [[t('adult.title'), (chosen ?? draft.adult).name ?? '']];
      }
      case 'location':
        return [
          [
            t('location.line'),
            [
              location.line,
              location.city,
              [STATES[location.state] ?? location.state, location.zip].filter(Boolean).join(' '),
            ]
              .filter(Boolean)
              .join(', '),
          ],
        ];
      case 'contact':
        return [
          [t('contact.phone'), readablePhone(contact.callback_phone)],
          [
            t('contact.reachBy'),
            contact.reach_by &&
              t(`contact.${contact.reach_by === 'phone' ? 'call' : contact.reach_by}`),
          ],
        ];
      case 'allergies':
        return draft.no_allergies
          ? [[t('allergies.noneQuestion'), t('allergies.none')]]
          : draft.allergies.map((each) => [
              each.substance,
              each.status === 'removed' ? t('allergies.noMore') : each.reaction || '✓',
            ]);
      case 'medicines':
        return draft.no_medicines
          ? [[t('medicines.noneQuestion'), t('medicines.none')]]
          : draft.medicines.map((each) => [
              each.name,
              each.status === 'removed' ? t('medicines.noMore') : each.directions || '✓',
            ]);
      case 'pharmacy':
        return [[t('pharmacy.name'), pharmacy.name]];
      default:
        return [[t('consent.agree'), consent.agreed ? consent.signature : '']];
    }
  };
}
