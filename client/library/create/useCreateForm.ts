import { schemaResolver, useForm } from '@mantine/form';
import { useNavigate } from 'react-router';
import type { z } from 'zod';
import { useCreateEntry, type NewEntry } from '../../api/entryQueries.ts';
import { fieldErrors } from '../../ui/fieldErrors.ts';
import { focusFirst } from '../../ui/focusFirst.ts';

interface CreateFormOptions<Values> {
  readonly empty: Values;
  readonly schema: z.ZodType<Values>;
  readonly entryOf: (values: Values) => NewEntry;
}

/** A form that creates an entry and leads to its page: the fields' state, what a `<form>` and a `FormFooter` take. */
export function useCreateForm<Values extends Record<string, unknown>>({
  empty,
  schema,
  entryOf,
}: CreateFormOptions<Values>) {
  const navigate = useNavigate();
  const create = useCreateEntry();
  const form = useForm<Values>({ initialValues: empty, validate: schemaResolver(schema, { sync: true }) });

  const submit = (values: Values) => {
    create.mutate(entryOf(values), {
      onSuccess: (entry) => void navigate(`/entries/${entry.id}`),
      onError: (error) => form.setErrors(fieldErrors(error) ?? {}),
    });
  };

  return {
    form,
    formProps: { onSubmit: form.onSubmit(submit, focusFirst(form)), noValidate: true },
    footerProps: {
      problem: 'The entry was not created',
      error: create.error,
      cancelTo: '/entries',
      submit: 'Create entry',
      submitting: create.isPending,
    },
  };
}
