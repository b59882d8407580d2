/**
 * The app's id, as installers register it. Windows shows notifications, and groups windows in the taskbar, by the
 * id of the shortcut that the installer has made.
 */
export const appId = 'org.slerpstudio.SlerpStudio'
