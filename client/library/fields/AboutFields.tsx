import { Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';

interface AboutValues {
  name: string;
  description: string;
  tags: string[];
}

/** Name, description and tags. */
export function AboutFields<Values extends AboutValues>({ form }: { form: UseFormReturnType<Values> }) {
  return (
    <Stack gap="md">
      <TextInput
        label="Name"
        description="At least 5 characters. Viewers see it on the watch page."
        required
        withAsterisk={false}
        {...form.getInputProps('name')}
      />
      <Textarea label="Description" autosize minRows={2} maxRows={8} {...form.getInputProps('description')} />
      <TagsInput
        label="Tags"
        description="Press Enter after each. The search finds entries by them."
        maxTags={50}
        splitChars={[',']}
        {...form.getInputProps('tags')}
      />
    </Stack>
  );
}
