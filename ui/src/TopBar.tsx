import { Keyboard, Monitor, Moon, Plug, Sun } from 'lucide-react';
import type { ComponentProps, RefObject } from 'react';
import type { DiskSpace } from '../../client/index.ts';
import { SearchBox } from './inbox/search/SearchBox.tsx';
import type { Theme } from './setting.ts';
import { IconButton } from './widgets/IconButton.tsx';
import { Logo } from './widgets/Logo.tsx';
import { StatusDot } from './widgets/StatusDot.tsx';
import './top-bar.css';

interface Props {
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly queryError: string | null;
  readonly searchField: RefObject<HTMLInputElement | null>;
  readonly onResults: () => void;
  readonly heldSearch: string | null;
  readonly saved: Pick<ComponentProps<typeof SearchBox>, 'searches' | 'onSave' | 'onRemove' | 'savedButton'>;
  readonly disk: DiskSpace | null;
  /** Progress of the start; null once it is finished. */
  readonly starting: string | null;
  readonly link: 'connecting' | 'live' | 'offline';
  readonly offlineSince: Date | null;
  readonly theme: Theme;
  readonly onTheme: (theme: Theme) => void;
  readonly onConnect: () => void;
  readonly onKeys: () => void;
  readonly onHome: () => void;
}

const THEMES = {
  system: { icon: Monitor, label: 'Colours: same as the system', next: 'light' },
  light: { icon: Sun, label: 'Colours: light', next: 'dark' },
  dark: { icon: Moon, label: 'Colours: dark', next: 'system' },
} as const;

export function TopBar(props: Props) {
  const theme = THEMES[props.theme];
  return (
    <header className="top-bar">
      <a
        className="brand"
        href="/"
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          props.onHome();
        }}
      >
        <Logo />
        <span>Mailstop</span>
      </a>
      <SearchBox
        query={props.query}
        onQuery={props.onQuery}
        error={props.queryError}
        field={props.searchField}
        onResults={props.onResults}
        held={props.heldSearch}
        {...props.saved}
      />
      <div className="top-tools">
        <StatusDot
          link={props.link}
          offlineSince={props.offlineSince}
          starting={props.starting}
          full={props.disk?.low ?? false}
        />
        <IconButton icon={Plug} label="Connect your app" onClick={props.onConnect} />
        <IconButton icon={theme.icon} label={theme.label} onClick={() => props.onTheme(theme.next)} />
        <IconButton className="top-keys" icon={Keyboard} label="Keys" shortcut="?" onClick={props.onKeys} />
      </div>
    </header>
  );
}
