import { render } from 'preact';
import { App } from './app';
import { listenToKeys } from './state/keys';
import { listen } from './state/live';
import { loadSession } from './state/session';
import { keepTab } from './state/tab';
import './styles/page.css';

const page = document.getElementById('page');
if (page) {
  listen();
  void loadSession();
  keepTab();
  listenToKeys();
  render(<App />, page);
}
