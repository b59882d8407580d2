import '@fontsource-variable/inter/index.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import '../styles/tokens.css'
import '../styles/base.css'
import '../styles/forcedColours.css'
import '../styles/floating.css'
import App from './App.vue'

createApp(App).use(createPinia()).mount('#app')
