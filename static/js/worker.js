// Pages of our own people are shown a page of ours where there is no connection: see templates/offline/worker.js.

const { worker } = document.body.dataset;

// Browsers refuse it in private windows, for example: their own page is shown there.
if (worker) navigator.serviceWorker?.register(worker).catch(() => {});
