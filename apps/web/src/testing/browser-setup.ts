import "../styles/globals.css";

// Next's own bundler puts its environment in; its hooks ask for it as they are loaded.
Object.assign(globalThis, { process: { env: {} } });
