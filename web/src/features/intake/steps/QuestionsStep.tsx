import { Stack } from '@mantine/core';
import { useIntakeForm } from '../form';
import { enabled, type Item } from '../rules/questionnaire';
import { QuestionField } from './QuestionField';

/** One group of the questionnaire: what is asked now, given the answers. */
export function QuestionsStep({ group }: { group: Item }) {
  const { questionnaire, draft } = useIntakeForm();
  const asked = new Set(enabled(questionnaire, draft.answers));
  return (
    <Stack gap="xl">
      {group.children
        .filter((item) => asked.has(item) && !item.hidden)
        .map((item) => (
          <QuestionField key={item.linkId} item={item} />
        ))}
    </Stack>
  );
}
