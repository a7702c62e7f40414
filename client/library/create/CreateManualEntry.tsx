import { Stack } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { useNavigate } from 'react-router';
import { useCreateEntry } from '../../api/entryQueries.ts';
import { fieldErrors } from '../../ui/fieldErrors.ts';
import { focusFirst } from '../../ui/focusFirst.ts';
import { FormFooter } from '../../ui/FormFooter.tsx';
import { Section } from '../../ui/Section.tsx';
import { AboutFields } from '../fields/AboutFields.tsx';
import { emptyManualValues, filledUrls, manualValuesSchema, type ManualValues } from '../fields/entryValues.ts';
import { ManualUrlFields } from '../fields/ManualUrlFields.tsx';

export function CreateManualEntry() {
  const navigate = useNavigate();
  const create = useCreateEntry();
  const form = useForm<ManualValues>({
    initialValues: emptyManualValues,
    validate: schemaResolver(manualValuesSchema, { sync: true }),
  });

  const submit = ({ urls, ...about }: ManualValues) => {
    create.mutate(
      { type: 'manual', ...about, urls: filledUrls(urls) },
      {
        onSuccess: (entry) => void navigate(`/entries/${entry.id}`),
        onError: (error) => form.setErrors(fieldErrors(error) ?? {}),
      },
    );
  };

  return (
    <form onSubmit={form.onSubmit(submit, focusFirst(form))} noValidate>
      <Stack gap="md">
        <Section title="About">
          <AboutFields form={form} />
        </Section>
        <Section title="Stream addresses" description="At least one. Browsers play HLS and DASH.">
          <ManualUrlFields form={form} />
        </Section>
        <FormFooter
          problem="The entry was not created"
          error={create.error}
          cancelTo="/entries"
          submit="Create entry"
          submitting={create.isPending}
        />
      </Stack>
    </form>
  );
}
