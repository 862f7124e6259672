import { useEffect, useState } from 'react';

/**
 * A choice that the browser remembers. If nothing can be stored (private window, full disk), it lasts as long as the
 * page.
 * @param choices the allowed values; the first is the default
 */
export function useSetting<T extends string>(name: string, choices: readonly [T, ...T[]]): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => stored(name, choices));
  useEffect(() => {
    try {
      localStorage.setItem(`mailstop.${name}`, value);
    } catch {
      // Still valid for this page.
    }
  }, [name, value]);
  return [value, setValue];
}

function stored<T extends string>(name: string, choices: readonly [T, ...T[]]): T {
  try {
    const text = localStorage.getItem(`mailstop.${name}`);
    return choices.find((choice) => choice === text) ?? choices[0];
  } catch {
    return choices[0];
  }
}

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';

/** The colour theme: that of the system until the reader chooses one. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useSetting<Theme>('theme', ['system', 'light', 'dark']);
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === 'system') delete dataset['theme'];
    else dataset['theme'] = theme;
  }, [theme]);
  return [theme, setTheme];
}

export function useDensity(): [Density, (density: Density) => void] {
  return useSetting<Density>('density', ['comfortable', 'compact']);
}
