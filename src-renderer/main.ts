import { createPinia } from 'pinia';
import { createApp } from 'vue';
import type { Component } from 'vue';
import App from './App.vue';
import { i18n } from './format/i18n.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';

// Before anything is shown, so that a dark system does not flash white; the settings may change it later.
document.documentElement.dataset.theme = window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';

// Outside the Vue compiler's view a component is of no known type.
createApp(App as Component)
  .use(createPinia())
  .use(i18n)
  .mount('#app');
