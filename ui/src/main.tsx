import { createRoot } from 'react-dom/client';
import { createApi } from '../../client/index.ts';
import { App } from './App.tsx';
import { shareFeed } from './live.ts';
import { heldSearch } from './route.ts';
import './theme.css';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no #root');
const api = createApi(window.location.origin);
const held = heldSearch(window.location);
createRoot(root).render(<App api={api} live={shareFeed(api.feedUrl())} heldSearch={held} />);
