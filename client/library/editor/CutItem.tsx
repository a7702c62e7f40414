import { ActionIcon, Anchor, Loader, Stack, TagsInput, Text, Textarea, TextInput, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconArrowDown, IconArrowUp, IconCircleCheck, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Cut, CutAbout } from './cuts.ts';
import classes from './Editor.module.css';
import { timeOf, type FrameGrid } from './media.ts';
import { formatShortTime } from './timeText.ts';
import type { SaveState } from './useSaving.ts';

interface CutItemProps {
  cut: Cut;
  /** From 1 on. */
  number: number;
  of: number;
  grid: FrameGrid;
  selected: boolean;
  state: SaveState | undefined;
  problem: string | undefined;
  onSelect: () => void;
  onDescribe: (about: CutAbout, field: string) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

/** A clip of the session; what is said about it opens with it. */
export function CutItem(props: CutItemProps) {
  const { cut, number, of, grid, selected, state, problem, onSelect, onMove, onRemove } = props;
  const name = cut.name.trim() || `Clip ${number}`;
  const isSaving = state?.phase === 'saving';
  return (
    <li className={classes.cut} data-selected={selected || undefined}>
      <div className={classes.cutHead}>
        <button type="button" className={classes.cutSelect} aria-pressed={selected} onClick={onSelect}>
          <span className={classes.cutNumber} aria-hidden="true">
            {number}
          </span>
          <span className={classes.cutWords}>
            <span className={classes.cutName}>{name}</span>
            <span className={classes.cutTimes}>
              {formatShortTime(timeOf(grid, cut.start))} – {formatShortTime(timeOf(grid, cut.end))}
            </span>
          </span>
        </button>
        {of > 1 && (
          <>
            <Tool name={`Move ${name} up`} disabled={number === 1 || isSaving} onClick={() => onMove(-1)}>
              <IconArrowUp size={16} />
            </Tool>
            <Tool name={`Move ${name} down`} disabled={number === of || isSaving} onClick={() => onMove(1)}>
              <IconArrowDown size={16} />
            </Tool>
          </>
        )}
        <Tool name={`Remove ${name} from this list`} disabled={isSaving} onClick={onRemove}>
          <IconTrash size={16} />
        </Tool>
      </div>
      {selected && <Details {...props} />}
      <CutState state={state} problem={problem} />
    </li>
  );
}

interface ToolProps {
  name: string;
  disabled: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Tool({ name, disabled, onClick, children }: ToolProps) {
  return (
    <Tooltip label={name}>
      <ActionIcon size="md" className={classes.tool} aria-label={name} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function Details({ cut, state, onDescribe }: CutItemProps) {
  const disabled = state?.phase === 'saving';
  return (
    <Stack gap={10} className={classes.cutDetails}>
      <TextInput
        label="Name"
        placeholder="Named after the source if left empty"
        maxLength={200}
        value={cut.name}
        disabled={disabled}
        onChange={(event) => onDescribe({ name: event.currentTarget.value }, 'name')}
      />
      <Textarea
        label="Description"
        autosize
        minRows={1}
        maxRows={5}
        maxLength={5000}
        value={cut.description}
        disabled={disabled}
        onChange={(event) => onDescribe({ description: event.currentTarget.value }, 'description')}
      />
      <TagsInput
        label="Tags"
        placeholder={cut.tags.length === 0 ? 'Enter after each' : undefined}
        maxTags={50}
        splitChars={[',']}
        value={[...cut.tags]}
        disabled={disabled}
        onChange={(tags) => onDescribe({ tags }, 'tags')}
      />
    </Stack>
  );
}

function CutState({ state, problem }: Pick<CutItemProps, 'state' | 'problem'>) {
  if (state?.phase === 'saving')
    return (
      <div className={classes.cutState}>
        <Loader size={15} aria-hidden="true" /> <span>Cutting…</span>
      </div>
    );
  if (state?.phase === 'saved')
    return (
      <div className={classes.cutState} data-tone="good">
        <IconCircleCheck size={17} aria-hidden="true" />
        <span>
          {state.joined ? 'Saved, as part of ' : 'Saved as '}
          <Anchor component={Link} to={`/entries/${state.entry.id}`} inherit>
            {state.entry.name}
          </Anchor>
        </span>
      </div>
    );
  const message = problem ?? (state?.phase === 'failed' ? state.message : undefined);
  if (message === undefined) return null;
  return (
    <div className={classes.cutState} data-tone="problem" role={state?.phase === 'failed' ? 'alert' : undefined}>
      <IconAlertTriangle size={17} aria-hidden="true" />
      <Text span inherit>
        {state?.phase === 'failed' && problem === undefined && <strong>Not saved. </strong>}
        {message}
      </Text>
    </div>
  );
}
